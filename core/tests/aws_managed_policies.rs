//! AWS's own managed policies, where they lie beside the repository. They are not part of it.

#![cfg(feature = "aws")]
// A test fails by panicking.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod aws_random;

use aws_random::{Known, asked, compile, read};
use proptest::sample::{Index, select};
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;
use s3iam::evaluate::{Action, Outcome, Request, reference_aws};
use s3iam::policy::{Document, Kind};
use s3iam::validate::Status;
use std::path::Path;

/// A name that a pattern covers, with all variables and wildcards filled in.
fn filled(pattern: &str) -> String {
    let mut out = String::new();
    let mut rest = pattern;
    while let Some((before, after)) = rest.split_once("${") {
        out += before;
        out += "bob";
        rest = after.split_once('}').map_or("", |(_, rest)| rest);
    }
    (out + rest).replace('*', "x").replace('?', "y")
}

/// Texts of one kind that the statements of a document list.
fn listed(document: &Document, resources: bool) -> Vec<&str> {
    let statements = document.statements.iter();
    let elements = statements.flat_map(|statement| match resources {
        true => [&statement.resource, &statement.not_resource],
        false => [&statement.action, &statement.not_action],
    });
    elements.flatten().flat_map(|element| &element.values).map(|value| value.text.as_str()).collect()
}

#[test]
fn every_managed_policy_reads_prints_and_decides() {
    let folder =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data/aws-managed-policies/policies");
    let Ok(files) = std::fs::read_dir(&folder) else {
        println!("skipped: there is no {}", folder.display());
        return;
    };
    let mut runner = TestRunner::deterministic();
    let (mut count, mut outcomes) = (0, std::collections::BTreeMap::new());
    for file in files.map(|file| file.unwrap().path()) {
        let name = file.display();
        let document = read(&std::fs::read_to_string(&file).unwrap(), Kind::Identity);
        assert_eq!(document.status(), Status::Good, "{name}: {:?}", document.findings);
        let text = document.canonical_text().unwrap();
        let printed = read(&text, Kind::Identity);
        assert_eq!(printed.canonical_text(), Some(text), "{name}");
        assert_eq!(printed.status(), Status::Good, "{name}");
        let (program, again) = (compile(&[&document]), compile(&[&printed]));
        let (actions, resources) = (listed(&document, false), listed(&document, true));
        for _ in 0..5 {
            let asked = asked().new_tree(&mut runner).unwrap().current();
            let (action, resource, context) = likely(&document, &actions, &resources, &mut runner);
            let likely = Request {
                resource: resource.as_bytes(),
                caller: Some(&asked.caller),
                ..Request::new(Action::named(&action), b"", b"", &context)
            };
            for request in [asked.request(), likely] {
                let decision = program.decide(&request);
                assert_eq!(
                    decision,
                    reference_aws::decide(&[&document], &request),
                    "{name}: {action} {resource}"
                );
                assert_eq!(decision, again.decide(&request), "{name}: {action} {resource}");
                *outcomes.entry(decision.outcome.name()).or_insert(0) += 1;
            }
        }
        count += 1;
    }
    assert!(count > 1600, "only {count} policies were found");
    for outcome in [Outcome::Allow, Outcome::ExplicitDeny, Outcome::ImplicitDeny] {
        assert!(outcomes.contains_key(outcome.name()), "{outcomes:?}");
    }
    println!("{count} policies: {outcomes:?}");
}

/// An action and a resource of the policy itself, and values for its condition keys, mostly its own.
fn likely(
    document: &Document,
    actions: &[&str],
    resources: &[&str],
    runner: &mut TestRunner,
) -> (String, String, Known) {
    let mut pick = |of: &[&str]| {
        let index = proptest::arbitrary::any::<Index>().new_tree(runner).unwrap().current();
        if of.is_empty() { "*".to_owned() } else { filled(of[index.index(of.len())]) }
    };
    let (action, resource) = (pick(actions), pick(resources));
    let entries = document.statements.iter().flat_map(|statement| &statement.conditions);
    let entries: Vec<(String, Vec<String>)> = entries
        .map(|entry| {
            let values = entry.values.iter().map(|value| filled(&value.text)).collect();
            (entry.key.text.to_lowercase(), values)
        })
        .collect();
    let mut values = Vec::new();
    for (key, own) in entries {
        let choices = own.into_iter().chain(["true".to_owned(), "bob".to_owned()]).collect::<Vec<_>>();
        let value = proptest::option::weighted(0.8, select(choices)).new_tree(runner).unwrap().current();
        values.extend(value.map(|value| (key, value)));
    }
    (action, resource, Known::of(values))
}
