//! What the targets share: documents from parts, and the comparison of the compiled program with the plain
//! interpreter.

use s3iam::compile::{Named, Program};
use s3iam::evaluate::{Request, reference};
use s3iam::policy::{Dialect, Document, Kind, Limits};

/// Text as a JSON string.
pub fn json_string(text: &str) -> String {
    let mut out = String::new();
    s3iam::json::write_string(&mut out, text);
    out
}

/// A document with larger limits than usual.
pub fn read(text: &[u8], dialect: Dialect, kind: Kind) -> Document {
    Document::read(text, dialect, kind, Limits { document_bytes: 1 << 20, ..Limits::default() })
}

/// A document's program; MinIO's bucket policies have none.
pub fn compile(document: &Document) -> Option<Program> {
    Program::compile(&[Named { name: "", document }]).ok()
}

/// Both ways to evaluate a document must answer the same.
pub fn compare(document: &Document, request: &Request<'_>) {
    if let Some(program) = compile(document) {
        let (compiled, plain) = (program.decide(request), reference::decide(&[document], request));
        assert_eq!(compiled, plain);
    }
}
