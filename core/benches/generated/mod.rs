//! The policies that are measured.

use s3iam::compile::{Named, Program};
use s3iam::policy::{Dialect, Document, Kind, Limits};

const LIMITS: Limits = Limits { document_bytes: 64 << 20, depth: 8 };

/// Reads a policy of the MinIO dialect.
pub fn read(text: &str, kind: Kind) -> Document {
    Document::read(text.as_bytes(), Dialect::Minio, kind, LIMITS)
}

/// Reads and compiles an identity policy of the MinIO dialect.
pub fn compile(text: &str) -> Program {
    compile_document(&read(text, Kind::Identity))
}

/// Compiles a policy.
pub fn compile_document(document: &Document) -> Program {
    Program::compile(&[Named { name: "bench", document }]).unwrap()
}

/// Named by a literal prefix, which the index finds.
pub fn literal(i: usize) -> String {
    format!("bucket-{i}/prefix-{i}/*")
}

/// Beginning with a wildcard, which no index finds.
pub fn leading_wildcard(i: usize) -> String {
    format!("*-{i}/nothing-{i}/*")
}

/// An identity policy: statement i names two actions and the resource that `resource` makes of i; every tenth
/// carries a condition.
pub fn policy(statements: usize, resource: fn(usize) -> String) -> String {
    let statement = |i: usize| {
        let condition = match i % 20 {
            9 => r#","Condition":{"IpAddress":{"aws:SourceIp":"10.0.0.0/8"}}"#,
            19 => r#","Condition":{"StringEquals":{"aws:username":"alice"}}"#,
            _ => "",
        };
        let resource = resource(i);
        format!(
            r#"{{"Effect":"Allow","Action":["s3:GetObject","s3:PutObject"],"Resource":"arn:aws:s3:::{resource}"{condition}}}"#
        )
    };
    let statements: Vec<String> = (0..statements).map(statement).collect();
    format!(r#"{{"Version":"2012-10-17","Statement":[{}]}}"#, statements.join(","))
}

/// A bucket policy with a statement for each account.
pub fn bucket_policy(accounts: usize) -> String {
    let statement = |i: usize| {
        format!(
            r#"{{"Effect":"Allow","Principal":{{"AWS":"user-{i}"}},"Action":"s3:GetObject","Resource":"arn:aws:s3:::bucket/*"}}"#
        )
    };
    let statements: Vec<String> = (0..accounts).map(statement).collect();
    format!(r#"{{"Version":"2012-10-17","Statement":[{}]}}"#, statements.join(","))
}
