/* What the test programs share: a check that says where it failed, and the exit code. */
#ifndef CHECK_H
#define CHECK_H

#include <s3iam.h>

#include <stdio.h>
#include <stdlib.h>

static int check_failures;

static inline void check_failed(const char *file, int line, const char *what)
{
    fprintf(stderr, "%s:%d: %s\n", file, line, what);
    check_failures++;
}

static inline void check_status(const char *file, int line, const char *call, s3iam_status actual,
                                s3iam_status expected)
{
    if (actual != expected) {
        s3iam_text a = s3iam_status_name(actual), e = s3iam_status_name(expected);
        fprintf(stderr, "%s:%d: %s is %.*s, not %.*s\n", file, line, call, (int)a.len, a.data,
                (int)e.len, e.data);
        check_failures++;
    }
}

static inline void check_text(const char *file, int line, const char *call, s3iam_text actual,
                              const char *expected)
{
    if (actual.data == NULL || actual.len != strlen(expected) ||
        memcmp(actual.data, expected, actual.len) != 0) {
        fprintf(stderr, "%s:%d: %s is \"%.*s\", not \"%s\"\n", file, line, call, (int)actual.len,
                actual.data == NULL ? "" : actual.data, expected);
        check_failures++;
    }
}

/* Whether a text, which need not end with a NUL, has a part. */
static inline bool check_has(s3iam_text text, const char *part)
{
    size_t len = strlen(part);
    for (size_t at = 0; at + len <= text.len; at++) {
        if (memcmp(text.data + at, part, len) == 0) {
            return true;
        }
    }
    return false;
}

#define CHECK(condition) \
    ((condition) ? (void)0 : check_failed(__FILE__, __LINE__, "not so: " #condition))
#define CHECK_STATUS(call, expected) check_status(__FILE__, __LINE__, #call, (call), (expected))
#define CHECK_TEXT(call, expected) check_text(__FILE__, __LINE__, #call, (call), (expected))

static inline int check_result(void)
{
    return check_failures == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

#endif
