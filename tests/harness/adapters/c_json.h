/* The JSON that the library writes, which has no blanks between its parts: read, and put together as fields. */
#ifndef C_JSON_H
#define C_JSON_H

#include "c_fields.h"

/* ---- Values: each is where it begins in the text ---- */

/* Where a value ends. */
static const char *json_end(const char *value)
{
    size_t depth = 0;
    bool in_string = false;
    for (;; value++) {
        if (*value == '\0') {
            broken("JSON that ends early");
        } else if (in_string && *value == '\\') {
            value++;
        } else if (*value == '"') {
            in_string = !in_string;
        } else if (!in_string && (*value == '{' || *value == '[')) {
            depth++;
        } else if (!in_string && (*value == '}' || *value == ']')) {
            depth--;
        } else {
            continue;
        }
        if (depth == 0 && !in_string) {
            return value + 1;
        }
    }
}

/* The same, of words and numbers too. */
static const char *json_after(const char *value)
{
    return strchr("{[\"", *value) != NULL ? json_end(value) : value + strcspn(value, ",}]");
}

/* The first entry of a list, or the first name of an object; NULL if there is none. */
static const char *json_first(const char *list)
{
    return list[1] == ']' || list[1] == '}' ? NULL : list + 1;
}

/* The entry after this one; NULL if it is the last. */
static const char *json_next(const char *entry)
{
    const char *after = json_after(entry);
    return *after == ',' ? after + 1 : NULL;
}

/* The member of an object with that name; NULL if it has none. */
static const char *json_member(const char *object, const char *name)
{
    size_t len = strlen(name);
    for (const char *at = json_first(object); at != NULL; at = json_next(json_end(at) + 1)) {
        if (strncmp(at + 1, name, len) == 0 && at[1 + len] == '"') {
            return json_end(at) + 1;
        }
    }
    return NULL;
}

static bool json_is(const char *value, const char *word)
{
    return value != NULL && strncmp(value, word, strlen(word)) == 0;
}

/* ---- A field that is put together ---- */

static char *field;
static size_t field_len, field_capacity;

static void field_add(char byte)
{
    if (field_len == field_capacity) {
        field_capacity = field_capacity == 0 ? 4096 : 2 * field_capacity;
        field = grown(field, field_capacity);
    }
    field[field_len++] = byte;
}

static void field_add_text(s3iam_text text)
{
    for (size_t i = 0; i < text.len; i++) {
        field_add(text.data[i]);
    }
}

/* Between two entries of a list. */
static void field_add_comma(void)
{
    if (field_len > 0) {
        field_add(',');
    }
}

/* A value: a string without its quotes and escapes, or a number as it is. NULL is nothing. */
static void field_add_json(const char *value)
{
    static const char escaped[] = "\"\\/bfnrt", meant[] = "\"\\/\b\f\n\r\t";
    const char *end = value == NULL ? NULL : json_after(value);
    bool is_string = value != NULL && *value == '"';
    for (const char *at = is_string ? value + 1 : value; at < (is_string ? end - 1 : end); at++) {
        if (*at != '\\') {
            field_add(*at);
        } else if (*++at == 'u') {
            /* Only control characters are written so. */
            if (strncmp(at, "u00", 3) != 0) {
                broken("an escape of another character");
            }
            field_add((char)(hex_digit(at[3]) * 16 + hex_digit(at[4])));
            at += 4;
        } else {
            const char *place = strchr(escaped, *at);
            if (place == NULL) {
                broken("an unknown escape");
            }
            field_add(meant[place - escaped]);
        }
    }
}

/* Whether something is so: 1, 0 or ?. */
static void field_add_truth(const char *value)
{
    field_add(json_is(value, "true") ? '1' : json_is(value, "false") ? '0' : '?');
}

static void put_field(void)
{
    put((s3iam_text){field, field_len});
    field_len = 0;
}

static void put_json(const char *value)
{
    field_add_json(value);
    put_field();
}

#endif
