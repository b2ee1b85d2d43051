//! The reader against its grammar, against `serde_json`, and against noise.

use super::*;
use proptest::prelude::*;

fn kinds(text: &str) -> Vec<(ProblemKind, &str)> {
    let reading = read(text.as_bytes(), usize::MAX, 16);
    let piece = |span: Span| text.get(span.start as usize..span.end as usize).unwrap();
    reading.problems.iter().map(|p| (p.kind, piece(p.span))).collect()
}

fn syntax(text: &str) -> Vec<&str> {
    kinds(text)
        .into_iter()
        .map(|(kind, piece)| {
            assert_eq!(kind, ProblemKind::Syntax);
            piece
        })
        .collect()
}

#[test]
fn a_good_document_has_spans_and_no_problems() {
    let text = br#" {"a": [1, "x\n", null], "b/c": {"d": true}} "#;
    let reading = read(text, 100, 8);
    assert_eq!(reading.problems, []);
    let root = reading.root.unwrap();
    assert_eq!(root.span.of(text), &text[1..text.len() - 1]);
    let Value::Object(object) = root.value else { panic!() };
    assert!(!object.damaged);
    assert_eq!(object.members[0].name_span.of(text), b"\"a\"");
    assert_eq!(object.members[0].value.span.of(text), br#"[1, "x\n", null]"#);
    let Value::List(entries) = &object.members[0].value.value else { panic!() };
    assert_eq!(entries[1].value, Value::String("x\n".into()));
    assert_eq!(entries[0].value, Value::Number("1"));
    assert_eq!(object.members[1].name, "b/c");
}

#[test]
fn every_mistake_is_reported_once() {
    assert_eq!(syntax(r#"{"a":1,}"#), [","]);
    assert_eq!(syntax(r#"{"a":1, }"#), [", "]);
    assert_eq!(syntax("[1,]"), [","]);
    assert_eq!(syntax("[1,,2]"), [","]);
    assert_eq!(syntax("[,1]"), [","]);
    assert_eq!(syntax("[1 2]"), ["2"]);
    assert_eq!(syntax(r#"{"a":1 "b":2}"#), ["\"b\""]);
    assert_eq!(syntax(r#"{"a" 1}"#), ["1"]);
    assert_eq!(syntax(r#"{"a"=1}"#), ["="]);
    assert_eq!(syntax(r#"{"a":}"#), ["}"]);
    assert_eq!(syntax(r#"{a:1}"#), ["a"]);
    assert_eq!(syntax("{'a':'b'}"), ["'a'", "'b'"]);
    assert_eq!(syntax("{1:2}"), ["1"]);
    assert_eq!(syntax("[True, None, 01, +1, .5, 1.]"), ["True", "None", "01", "+1", ".5", "1."]);
    assert_eq!(syntax("[s3:GetObject]"), ["s3:GetObject"]);
    assert_eq!(syntax("{\"a\": \"b\n}"), ["\"b"]);
    assert_eq!(syntax("{\"a\": \"b,\n\"c\": 1}"), ["\"b,"]);
    assert_eq!(syntax("[\"a\tb\"]"), ["\t"]);
    assert_eq!(syntax("{\"a\":1 // one\n}"), ["// one"]);
    assert_eq!(syntax("[1 /* one */, 2]"), ["/* one */"]);
    assert_eq!(syntax("[1"), [""]);
    assert_eq!(syntax("{\"a\":[1"), [""]);
    assert_eq!(syntax("[{\"a\":1]"), ["]"]);
    assert_eq!(syntax("[1}"), ["}"]);
    assert_eq!(syntax(""), [""]);
    assert_eq!(syntax(" \n "), [" \n "]);
    assert_eq!(syntax("}"), ["}"]);
    assert_eq!(syntax("\u{feff}{}"), ["\u{feff}"]);
    assert_eq!(syntax("{{}}"), ["{"]);
    assert_eq!(syntax("[1,}"), ["}"]);
}

#[test]
fn several_mistakes_are_all_reported() {
    assert_eq!(syntax(r#"{"a":1,,"b":tru,"c":[1,],"d" 2}"#), [",", "tru", ",", "2"]);
}

#[test]
fn text_after_the_document_is_no_syntax_problem() {
    use ProblemKind::TrailingText;
    assert_eq!(kinds("{} x"), [(TrailingText, "x")]);
    assert_eq!(kinds("{}}"), [(TrailingText, "}")]);
    assert_eq!(kinds("{} // done"), [(TrailingText, "// done")]);
    assert_eq!(kinds("{} {\"a\":1}\n"), [(TrailingText, "{\"a\":1}\n")]);
    assert_eq!(kinds("{}\n"), []);
}

#[test]
fn repeated_names_say_where_the_first_is() {
    let reading = read(b"{\"a\":1,\n \"b\":{\"c\":0,\"c\":0},\n \"a\":2, \"a\":3}", 100, 8);
    let found: Vec<_> = reading.problems.iter().map(|p| (p.pointer.as_str(), p.message.as_str())).collect();
    assert_eq!(
        found,
        [
            ("/b/c", "the member `c` is already given at line 2, column 7"),
            ("/a", "the member `a` is already given at line 1, column 2"),
            ("/a", "the member `a` is already given at line 1, column 2"),
        ]
    );
}

#[test]
fn escapes_are_decoded_and_bad_ones_reported() {
    use ProblemKind::{InvalidEscape, ReplacedText};
    let reading = read(br#"["\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00"]"#, 100, 8);
    assert_eq!(reading.problems, []);
    let Some(Node { value: Value::List(entries), .. }) = reading.root else { panic!() };
    assert_eq!(entries[0].value, Value::String("\"\\/\u{8}\u{c}\n\r\té😀".into()));

    assert_eq!(kinds(r#"["a\qb"]"#), [(InvalidEscape, r"\q")]);
    assert_eq!(kinds(r#"["\u12"]"#), [(InvalidEscape, r"\u12")]);
    assert_eq!(kinds(r#"["\ud800"]"#), [(ReplacedText, r"\ud800")]);
    assert_eq!(kinds(r#"["\ud800\u0041"]"#), [(ReplacedText, r"\ud800")]);
    assert_eq!(kinds(r#"["\udc00\ud800"]"#), [(ReplacedText, r"\udc00"), (ReplacedText, r"\ud800")]);
}

#[test]
fn every_invalid_byte_is_replaced_on_its_own() {
    let reading = read(b"{\"a\xE3\x81\":\"\xFFx\"}", 100, 8);
    assert_eq!(reading.problems.len(), 2);
    assert_eq!(reading.problems[1].pointer, "/a\u{fffd}\u{fffd}");
    assert!(reading.problems.iter().all(|p| p.kind == ProblemKind::ReplacedText));
    let Some(Node { value: Value::Object(object), .. }) = reading.root else { panic!() };
    assert_eq!(object.members[0].name, "a\u{fffd}\u{fffd}");
    assert_eq!(object.members[0].value.value, Value::String("\u{fffd}x".into()));
}

#[test]
fn nesting_is_bounded_and_what_follows_is_read() {
    let reading = read(br#"{"a":[[["]"]]],"b":1}"#, 100, 2);
    assert_eq!(reading.problems.len(), 1);
    assert_eq!(reading.problems[0].kind, ProblemKind::TooDeep);
    assert_eq!(reading.problems[0].pointer, "/a/0");
    assert_eq!(reading.problems[0].span, Span::new(6, 7));
    let Some(Node { value: Value::Object(object), .. }) = reading.root else { panic!() };
    assert_eq!(object.members[1].name, "b");

    let deep = "[".repeat(1 << 20);
    let reading = read(deep.as_bytes(), usize::MAX, usize::MAX);
    assert_eq!(reading.problems[0].span.start, 128);
}

#[test]
fn length_is_bounded() {
    let reading = read(b"{\"a\":1}", 6, 8);
    assert!(reading.root.is_none());
    assert_eq!(reading.problems[0].kind, ProblemKind::TooLarge);
    assert_eq!(reading.problems[0].span, Span::new(0, 7));
}

#[test]
fn a_problem_covers_whole_characters() {
    assert_eq!(syntax(r#"["a"€]"#), ["€"]);
    assert_eq!(kinds(r#"["\é"]"#), [(ProblemKind::InvalidEscape, r"\é")]);
    let cut = read(b"[\"a\"\xE2\x82]", usize::MAX, 16);
    assert_eq!(cut.problems[0].span, Span::new(4, 6));
}

#[test]
fn problems_are_bounded_and_the_first_fatal_one_is_kept() {
    let many = format!("[{}]", "x,".repeat(10_000));
    assert_eq!(read(many.as_bytes(), usize::MAX, 8).problems.len(), MOST_PROBLEMS);
    let many = format!("{{{}]", "\"a\":0,".repeat(10_000));
    let reading = read(many.as_bytes(), usize::MAX, 8);
    assert_eq!(reading.problems.len(), MOST_PROBLEMS);
    assert!(reading.problems.iter().any(|p| p.kind.is_fatal()));
}

/// The same value as `serde_json` sees it; the last of several members counts.
fn plain(node: &Node<'_>) -> serde_json::Value {
    match &node.value {
        Value::Null | Value::Unreadable => serde_json::Value::Null,
        Value::Boolean(b) => (*b).into(),
        Value::Number(n) => serde_json::from_str(n).unwrap(),
        Value::String(s) => s.to_string().into(),
        Value::List(entries) => entries.iter().map(plain).collect(),
        Value::Object(object) => {
            object.members.iter().map(|m| (m.name.to_string(), plain(&m.value))).collect()
        }
    }
}

/// Every value's span holds that value and nothing else.
fn check_spans(text: &[u8], node: &Node<'_>) {
    let piece: serde_json::Value = serde_json::from_slice(node.span.of(text)).unwrap();
    assert_eq!(piece, plain(node));
    match &node.value {
        Value::List(entries) => entries.iter().for_each(|e| check_spans(text, e)),
        Value::Object(object) => {
            for member in &object.members {
                let name: String = serde_json::from_slice(member.name_span.of(text)).unwrap();
                assert_eq!(name, member.name);
                check_spans(text, &member.value);
            }
        }
        _ => {}
    }
}

fn json() -> impl Strategy<Value = serde_json::Value> {
    let leaf = prop_oneof![
        Just(serde_json::Value::Null),
        any::<bool>().prop_map(Into::into),
        any::<i64>().prop_map(Into::into),
        any::<f64>()
            .prop_map(|f| serde_json::Number::from_f64(f).map_or(serde_json::Value::Null, Into::into)),
        any::<String>().prop_map(Into::into),
    ];
    leaf.prop_recursive(6, 60, 6, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..6).prop_map(Into::into),
            proptest::collection::btree_map(any::<String>(), inner, 0..6)
                .prop_map(|map| map.into_iter().collect::<serde_json::Map<_, _>>().into()),
        ]
    })
}

/// Texts that are nearly JSON: a document with a few bytes changed, left out or put in.
fn nearly_json() -> impl Strategy<Value = Vec<u8>> {
    let edit = (
        any::<prop::sample::Index>(),
        0..3u8,
        prop::sample::select(b"{}[]\",:'\\ux0-.e/* \n\t\xff\xe3".to_vec()),
    );
    (json(), any::<bool>(), proptest::collection::vec(edit, 0..4)).prop_map(|(value, pretty, edits)| {
        let text = if pretty { serde_json::to_vec_pretty(&value) } else { serde_json::to_vec(&value) };
        let mut text = text.unwrap();
        for (at, what, b) in edits {
            let at = at.index(text.len() + 1);
            match what {
                0 => text.insert(at, b),
                1 if at < text.len() => text[at] = b,
                _ if at < text.len() => drop(text.remove(at)),
                _ => {}
            }
        }
        text
    })
}

proptest! {
    #[test]
    fn what_serde_json_writes_reads_back(value in json(), pretty: bool) {
        let text = if pretty { serde_json::to_vec_pretty(&value) } else { serde_json::to_vec(&value) }.unwrap();
        // Reading floats is not exact in either, so both start from the text.
        let value: serde_json::Value = serde_json::from_slice(&text).unwrap();
        let reading = read(&text, usize::MAX, 128);
        prop_assert_eq!(&reading.problems, &[]);
        let root = reading.root.unwrap();
        prop_assert_eq!(plain(&root), value);
        check_spans(&text, &root);
    }

    #[test]
    fn a_text_is_json_for_both_or_for_neither(text in nearly_json()) {
        let reading = read(&text, usize::MAX, 128);
        match serde_json::from_slice::<serde_json::Value>(&text) {
            Ok(value) => {
                prop_assert!(reading.problems.iter().all(|p| p.kind == ProblemKind::RepeatedName));
                prop_assert_eq!(plain(&reading.root.unwrap()), value);
            }
            // Numbers beyond an f64 are the one thing that only `serde_json` refuses.
            Err(error) if error.to_string().starts_with("number out of range") => {}
            Err(_) => prop_assert!(!reading.problems.is_empty()),
        }
    }

    #[test]
    fn noise_is_reported_and_never_panics(text in proptest::collection::vec(any::<u8>(), 0..200)) {
        let reading = read(&text, 150, 4);
        prop_assert!(reading.problems.len() <= MOST_PROBLEMS + 1);
        for problem in &reading.problems {
            prop_assert!(problem.span.start <= problem.span.end && problem.span.end as usize <= text.len());
        }
    }

    #[test]
    fn brackets_and_quotes_never_panic(text in "[\\[\\]{}\",:'/*\\\\ux1a\n ]{0,60}") {
        let reading = read(text.as_bytes(), 1000, 4);
        prop_assert!(reading.problems.windows(2).all(|w| w[0].span.start <= w[1].span.start));
    }

    #[test]
    fn a_written_string_reads_back(text in any::<String>()) {
        let mut out = String::new();
        write_string(&mut out, &text);
        prop_assert_eq!(serde_json::from_str::<String>(&out).unwrap(), text);
    }
}
