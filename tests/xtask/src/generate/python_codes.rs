//! The error codes as a Python type.

use super::Generated;
use s3iam::error::TABLE;

const HEAD: &str =
    "\"\"\"The stable error codes. Made from the core's error table by `cargo xtask generate`.\"\"\"

from typing import Literal, TypeAlias

ErrorCode: TypeAlias = Literal[
";

/// The type of `S3IamError.code`.
pub fn file() -> Generated {
    let mut text = HEAD.to_owned();
    for row in TABLE {
        text.push_str(&format!("    {:?},\n", row.name));
    }
    text.push_str("]\n");
    ("bindings-python/python/s3iam/_codes.py".into(), text)
}
