/* Lines and their fields, as PROTOCOL.md in the folder above says: read, and written as answers. */
#ifndef C_FIELDS_H
#define C_FIELDS_H

#include <s3iam.h>

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

/* ---- Lines and fields ---- */

static char *line;
static size_t line_capacity;

/* The fields of the line, decoded in place, and the next one to be read. */
static s3iam_text *fields;
static size_t fields_capacity, fields_len, fields_next;

static void *grown(void *memory, size_t size)
{
    memory = realloc(memory, size);
    if (memory == NULL) {
        fputs("out of memory\n", stderr);
        exit(1);
    }
    return memory;
}

static void broken(const char *what)
{
    fprintf(stderr, "broken job: %s\n", what);
    exit(1);
}

/* Reads one line, without its line feed. */
static bool read_line(size_t *len)
{
    int byte;
    *len = 0;
    while ((byte = getchar()) != EOF && byte != '\n') {
        if (*len == line_capacity) {
            line_capacity = line_capacity == 0 ? 65536 : 2 * line_capacity;
            line = grown(line, line_capacity);
        }
        line[(*len)++] = (char)byte;
    }
    return byte != EOF || *len > 0;
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static size_t unescape(char *text, size_t len)
{
    size_t to = 0;
    for (size_t from = 0; from < len; to++) {
        if (text[from] != '\\') {
            text[to] = text[from++];
            continue;
        }
        if (len - from < 4 || text[from + 1] != 'x' || hex_digit(text[from + 2]) < 0 ||
            hex_digit(text[from + 3]) < 0) {
            broken("a backslash without xHH");
        }
        text[to] = (char)(hex_digit(text[from + 2]) * 16 + hex_digit(text[from + 3]));
        from += 4;
    }
    return to;
}

static void split_line(size_t len)
{
    size_t start = 0;
    fields_len = fields_next = 0;
    for (size_t end = 0; end <= len; end++) {
        if (end < len && line[end] != '\t') {
            continue;
        }
        if (fields_len == fields_capacity) {
            fields_capacity = fields_capacity == 0 ? 64 : 2 * fields_capacity;
            fields = grown(fields, fields_capacity * sizeof *fields);
        }
        fields[fields_len++] = (s3iam_text){line + start, unescape(line + start, end - start)};
        start = end + 1;
    }
}

static s3iam_text next(void)
{
    if (fields_next == fields_len) {
        broken("a field is missing");
    }
    return fields[fields_next++];
}

static bool is(s3iam_text text, const char *word)
{
    return text.len == strlen(word) && memcmp(text.data, word, text.len) == 0;
}

static int64_t next_number(void)
{
    char digits[24] = "";
    s3iam_text text = next();
    if (text.len == 0 || text.len >= sizeof digits) {
        broken("not a number");
    }
    memcpy(digits, text.data, text.len);
    return strtoll(digits, NULL, 10);
}

static size_t next_count(void)
{
    int64_t count = next_number();
    if (count < 0 || (uint64_t)count > fields_len) {
        broken("an impossible count");
    }
    return (size_t)count;
}

static bool next_bool(void)
{
    return is(next(), "1");
}

/* An optional field; false if it is absent. */
static bool next_optional(s3iam_text *value)
{
    s3iam_text text = next();
    if (is(text, "-")) {
        return false;
    }
    if (text.len == 0 || text.data[0] != '=') {
        broken("an optional field that begins with neither - nor =");
    }
    *value = (s3iam_text){text.data + 1, text.len - 1};
    return true;
}

/* `count` pairs of fields; to be freed. */
static s3iam_pair *next_pairs(size_t count)
{
    s3iam_pair *pairs = grown(NULL, (count + 1) * sizeof *pairs);
    for (size_t i = 0; i < count; i++) {
        pairs[i].name = next();
        pairs[i].value = next();
    }
    return pairs;
}

/* A number of fields, and these; to be freed. */
static s3iam_text *next_texts(size_t *len)
{
    *len = next_count();
    s3iam_text *texts = grown(NULL, (*len + 1) * sizeof *texts);
    for (size_t i = 0; i < *len; i++) {
        texts[i] = next();
    }
    return texts;
}

/* The number of what is named by the next field, `name` being the library's names by number. */
static uint32_t next_named(s3iam_text (*name)(uint32_t number))
{
    s3iam_text wanted = next();
    for (uint32_t number = 0;; number++) {
        s3iam_text found = name(number);
        if (found.len == 0) {
            broken("an unknown name");
        }
        if (found.len == wanted.len && memcmp(found.data, wanted.data, found.len) == 0) {
            return number;
        }
    }
}

/* The parts of a list that is joined by commas; to be freed. */
static s3iam_text *next_list(size_t *len)
{
    s3iam_text text = next();
    s3iam_text *list = grown(NULL, (text.len + 1) * sizeof *list);
    size_t start = 0;
    *len = 0;
    for (size_t end = 0; end <= text.len; end++) {
        if (end == text.len || text.data[end] == ',') {
            if (end > start) {
                list[(*len)++] = (s3iam_text){text.data + start, end - start};
            }
            start = end + 1;
        }
    }
    return list;
}

/* ---- Answers ---- */

static bool first_field;

static void put(s3iam_text text)
{
    if (!first_field) {
        putchar('\t');
    }
    first_field = false;
    for (size_t i = 0; i < text.len; i++) {
        unsigned char byte = (unsigned char)text.data[i];
        if (byte >= 0x20 && byte <= 0x7e && byte != '\\') {
            putchar(byte);
        } else {
            printf("\\x%02x", byte);
        }
    }
}

static void put_word(const char *word)
{
    put(s3iam_text_of(word));
}

static void put_number(int64_t number)
{
    char digits[24];
    snprintf(digits, sizeof digits, "%" PRId64, number);
    put_word(digits);
}

/* Answers a call that failed, and frees its details. */
static void put_failure(s3iam_status status, s3iam_error *detail)
{
    put_word("error");
    put(s3iam_status_name(status));
    put(s3iam_error_message(detail));
    s3iam_error_free(detail);
}

#endif
