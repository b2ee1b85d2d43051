// Text and lists of text that go to the C library, handles that come from it.
#ifndef S3IAM_TEXT_HPP
#define S3IAM_TEXT_HPP

#include "../s3iam.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace s3iam {

namespace detail {

inline s3iam_text text(std::string_view view) noexcept { return {view.data(), view.size()}; }

inline std::string_view view(s3iam_text text) noexcept { return {text.data, text.len}; }

inline std::string string(s3iam_text text) { return {text.data, text.len}; }

template <typename T, void (*Free)(T *)>
struct Deleter {
    void operator()(T *handle) const noexcept { Free(handle); }
};

/// A handle of the C library with its owner.
template <typename T, void (*Free)(T *)>
using Handle = std::unique_ptr<T, Deleter<T, Free>>;

inline std::string take(s3iam_string *owned) {
    Handle<s3iam_string, s3iam_string_free> owner(owned);
    return string(s3iam_string_text(owned));
}

/// The pairs of a list, which keeps owning their text.
inline std::vector<std::pair<std::string_view, std::string_view>> views(const s3iam_pairs *pairs) {
    std::vector<std::pair<std::string_view, std::string_view>> views;
    for (std::size_t i = 0; i < s3iam_pairs_len(pairs); ++i) {
        const s3iam_pair pair = s3iam_pairs_at(pairs, i);
        views.emplace_back(view(pair.name), view(pair.value));
    }
    return views;
}

inline std::int64_t milliseconds(std::chrono::system_clock::time_point time) noexcept {
    return std::chrono::duration_cast<std::chrono::milliseconds>(time.time_since_epoch()).count();
}

/// Options as C takes them, alive for one call.
template <typename T>
T sized() noexcept {
    T value{};
    value.size = sizeof(T);
    return value;
}

}  // namespace detail

/// A name and a value: a header line, a condition value, the tag of an object.
struct Pair : s3iam_pair {
    Pair(std::string_view its_name, std::string_view its_value) noexcept
        : s3iam_pair{detail::text(its_name), detail::text(its_value)} {}
};
static_assert(sizeof(Pair) == sizeof(s3iam_pair), "a list of Pair is a list of s3iam_pair");

/// A text in a list.
struct Text : s3iam_text {
    Text(std::string_view view) noexcept : s3iam_text(detail::text(view)) {}
    Text(const char *string) noexcept : Text(std::string_view(string)) {}
};
static_assert(sizeof(Text) == sizeof(s3iam_text), "a list of Text is a list of s3iam_text");

}  // namespace s3iam

#endif  // S3IAM_TEXT_HPP
