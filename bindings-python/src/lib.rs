//! The native module `s3iam._native` of the Python package.
