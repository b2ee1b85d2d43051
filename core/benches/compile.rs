//! Reading, validating and compiling policies: `cargo bench -p s3iam --bench compile`.
//!
//! The floor beside each row is reading the same text into `serde_json::Value`.
#![allow(missing_docs, dead_code, clippy::unwrap_used, clippy::indexing_slicing)]

mod generated;
mod measure;

use generated::{compile, compile_document, literal, policy, read};
use measure::{head, measure, row};
use s3iam::policy::{Dialect, Document, Kind, Limits};
use s3iam::validate::Status;
use std::path::Path;

fn main() {
    head("read and compile");
    for statements in [1, 10, 100, 1_000, 10_000] {
        let text = policy(statements, literal);
        let floor = measure(|| serde_json::from_str::<serde_json::Value>(&text).unwrap());
        row(&format!("{statements} statements into serde_json::Value"), floor, "");
        let row = |name, timing: measure::Timing, goal| {
            let ratio = timing.least / floor.least;
            row(&format!("{statements} statements {name}"), timing, &format!("{ratio:.2} x Value{goal}"));
        };
        row("read and validated", measure(|| read(&text, Kind::Identity)), "");
        let document = read(&text, Kind::Identity);
        row("compiled", measure(|| compile_document(&document)), "");
        row("read, validated and compiled", measure(|| compile(&text)), " (goal: 2.5)");
    }
    managed_policies();
}

/// AWS's own managed policies, where they lie beside the repository. They are not part of it.
fn managed_policies() {
    head("AWS managed policies");
    let folder =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data/aws-managed-policies/policies");
    let Ok(files) = std::fs::read_dir(&folder) else {
        println!("skipped: there is no {}", folder.display());
        return;
    };
    let texts: Vec<String> =
        files.map(|file| std::fs::read_to_string(file.unwrap().path()).unwrap()).collect();
    let read = |text: &String| {
        let limits = Limits { document_bytes: 1 << 20, ..Limits::default() };
        Document::read(text.as_bytes(), Dialect::Aws, Kind::Identity, limits)
    };
    let documents: Vec<Document> = texts.iter().map(read).collect();
    let taken = documents.iter().filter(|document| document.status() == Status::Good).count();
    println!(
        "{taken} of {} documents taken, {} bytes",
        texts.len(),
        texts.iter().map(String::len).sum::<usize>()
    );
    let floor = measure(|| {
        for text in &texts {
            std::hint::black_box(serde_json::from_str::<serde_json::Value>(text).unwrap());
        }
    });
    row("all into serde_json::Value", floor, "");
    let row = |name, timing: measure::Timing, goal| {
        row(name, timing, &format!("{:.2} x Value{goal}", timing.least / floor.least));
    };
    let each = |take: &dyn Fn(&String, &Document)| {
        measure(|| texts.iter().zip(&documents).for_each(|(text, document)| take(text, document)))
    };
    row("all read and validated", each(&|text, _| drop(std::hint::black_box(read(text)))), "");
    let compiled = each(&|_, document| drop(std::hint::black_box(compile_document(document))));
    row("all compiled", compiled, "");
    let both = each(&|text, _| drop(std::hint::black_box(compile_document(&read(text)))));
    row("all read, validated and compiled", both, " (goal: 2)");
}
