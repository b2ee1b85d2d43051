#![no_main]
libfuzzer_sys::fuzz_target!(|data: &[u8]| s3iam_fuzz::query::check(data));
