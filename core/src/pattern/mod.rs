//! Wildcard patterns over bytes: `*` is any run of bytes, `?` is exactly one.
