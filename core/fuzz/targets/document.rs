//! Documents of both dialects: reading, compiling and printing do not fail, what is printed reads back to the
//! same text, and both ways to evaluate agree.
#![no_main]

use libfuzzer_sys::fuzz_target;
use s3iam::evaluate::{Action, Caller, ContextMap, Request};
use s3iam::policy::{Dialect, Kind};
use s3iam_fuzz::{compare, read};

fuzz_target!(|data: &[u8]| {
    let Some((&choice, text)) = data.split_first() else { return };
    let dialect = if choice & 1 == 0 { Dialect::Aws } else { Dialect::Minio };
    let kinds = if dialect == Dialect::Aws { 8 } else { 3 };
    let kind = Kind::ALL[usize::from(choice >> 1) % kinds];
    let document = read(text, dialect, kind);
    if let Some(text) = document.canonical_text() {
        let again = read(text.as_bytes(), dialect, kind);
        assert_eq!(again.canonical_text(), Some(text));
        assert_eq!(again.statements.len(), document.statements.len());
    }
    let mut context = ContextMap::of(dialect);
    context.add("aws:username", b"bob");
    context.add("aws:SourceIp", b"10.0.0.1");
    context.add("aws:CurrentTime", b"2020-01-01T00:00:00Z");
    context.add("s3:prefix", b"a");
    context.add("s3:prefix", b"b");
    let caller = Caller::User { arn: "arn:aws:iam::111122223333:user/bob" };
    for (action, bucket, object) in
        [("s3:GetObject", &b"b"[..], &b"a"[..]), ("s3:ListBucket", b"b", b""), ("foo:Bar", b"", b"")]
    {
        let request = Request::new(Action::named(action), bucket, object, &context);
        compare(&document, &Request { caller: Some(&caller), ..request });
    }
});
