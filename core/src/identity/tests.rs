//! What a directory document comes to, record by record.

use super::*;
use crate::ErrorCode;
use proptest::prelude::*;

const SECRET: &str = "correct-horse-battery";

/// Reads a document in which `$S` stands for a good secret and `#` for `"`.
fn read(document: &str) -> (Directory, Vec<Problem>) {
    let document = document.replace("$S", SECRET).replace('#', "\"");
    Directory::read(document.as_bytes()).unwrap()
}

fn error(document: &str) -> ErrorCode {
    Directory::read(document.replace('#', "\"").as_bytes()).unwrap_err().code()
}

/// The caller behind an access key.
fn caller<'d>(directory: &'d Directory, access_key: &str) -> Caller<'d> {
    directory.caller(directory.find(access_key).unwrap().owner).unwrap()
}

fn pointers(problems: &[Problem]) -> Vec<&str> {
    problems.iter().map(|problem| problem.pointer.as_str()).collect()
}

#[test]
fn a_user_has_its_own_policies_and_those_of_its_groups() {
    let (directory, problems) = read(
        "{#version#: 1,
          #policies#: {#mine#: {#Version#: #2012-10-17#, #Statement#: [{#Effect#: #Allow#, #Action#: #s3:GetObject#, #Resource#: #arn:aws:s3:::b-1/*#}]}},
          #users#: {#alice#: {#secret_key#: #$S#, #policies#: [#mine#]}, #bob#: {#secret_key#: #$S#}, #carol#: {#secret_key#: #$S#}},
          #groups#: {#dev#: {#members#: [#alice#, #bob#], #policies#: [#readonly#, #mine#]}, #ops#: {#members#: [#alice#]}}}",
    );
    assert_eq!(problems, []);
    let (alice, bob) = (caller(&directory, "alice"), caller(&directory, "bob"));
    assert_eq!(
        (alice.name, alice.access_key, alice.is_owner, alice.is_derived),
        ("alice", "alice", false, false)
    );
    assert_eq!(alice.groups.iter().map(AsRef::as_ref).collect::<Vec<_>>(), ["dev", "ops"]);
    // The same set of policies is one program.
    assert!(Arc::ptr_eq(alice.program.unwrap(), bob.program.unwrap()));
    assert!(caller(&directory, "carol").program.is_none());
    assert!(directory.find("dave").is_none());
    assert!(directory.caller(99).is_none());
}

#[test]
fn an_access_key_acts_for_its_user() {
    let (directory, problems) = read(
        "{#version#: 1, #users#: {#alice#: {#secret_key#: #$S#, #policies#: [#readwrite#], #access_keys#: [
            {#access_key#: #KEY1#, #secret_key#: #another-secret#, #expires#: #2030-01-31T00:00:00Z#, #name#: #ci#},
            {#access_key#: #KEY2#, #secret_key#: #$S#, #status#: #off#, #expires#: null}]}}}",
    );
    assert_eq!(problems, []);
    let key = caller(&directory, "KEY1");
    assert_eq!((key.name, key.access_key, key.is_derived), ("alice", "KEY1", true));
    assert!(key.program.is_some());
    let expires = Timestamp::parse_rfc3339(b"2030-01-31T00:00:00Z");
    assert_eq!(directory.find("KEY1").unwrap().expires, expires);
    assert_eq!(directory.find("KEY2").unwrap().state, CredentialState::Disabled);
    assert_ne!(directory.find("KEY1").unwrap().generation, directory.find("alice").unwrap().generation);
}

#[test]
fn a_disabled_user_or_group_takes_everything_away() {
    let (directory, problems) = read(
        "{#version#: 1,
          #users#: {
            #alice#: {#secret_key#: #$S#, #status#: #disabled#, #policies#: [#readwrite#], #access_keys#: [{#access_key#: #KEY1#, #secret_key#: #$S#}]},
            #bob#: {#secret_key#: #$S#, #policies#: [#readwrite#]},
            #carol#: {#secret_key#: #$S#, #policies#: [#readwrite#], #status#: #of#}},
          #groups#: {#good#: {#members#: [#bob#], #policies#: [#readonly#]}, #gone#: {#status#: #disabled#, #members#: [#bob#]}}}",
    );
    assert_eq!(directory.find("alice").unwrap().state, CredentialState::Disabled);
    assert_eq!(directory.find("KEY1").unwrap().state, CredentialState::Enabled);
    assert_eq!(directory.find("carol").unwrap().state, CredentialState::Disabled);
    for access_key in ["alice", "KEY1", "bob", "carol"] {
        let caller = caller(&directory, access_key);
        assert!(caller.program.is_none() && !caller.policy_broken, "{access_key}");
    }
    assert_eq!(pointers(&problems), ["/users/carol/status"]);
}

#[test]
fn the_owner_is_who_the_root_says() {
    let (directory, problems) = read(
        "{#version#: 1, #root#: {#access_key#: #admin#, #secret_key#: #$S#},
          #users#: {#admin#: {#secret_key#: #$S#}, #bob#: {#secret_key#: #$S#, #access_keys#: [{#access_key#: #admin#, #secret_key#: #other-secret#}]}},
          #groups#: {#g#: {#members#: [#admin#]}}}",
    );
    assert!(caller(&directory, "admin").is_owner);
    assert_eq!(pointers(&problems), ["/users/admin", "/users/bob/access_keys/0", "/groups/g/members/0"]);
    for (root, allowed) in [
        ("{#access_key#: #admin#, #secret_key#: #minioadmin#}", false),
        ("{#access_key#: #minioadmin#, #secret_key#: #minioadmin#, #allow_insecure_defaults#: true}", true),
        (
            "{#access_key#: #minioadmin#, #secret_key#: #minioadmin#, #allow_insecure_defaults#: #true#}",
            false,
        ),
        ("{#access_key#: #long-enough#, #secret_key#: #long-enough#}", false),
        ("{#access_key#: #admin#, #secret_key#: ##, #allow_insecure_defaults#: true}", false),
        ("{#access_key#: #admin#, #secret_key#: #short#}", false),
        ("{#access_key#: #ad#, #secret_key#: #$S#}", false),
        ("{#access_key#: #admin#}", false),
        ("[]", false),
    ] {
        let (directory, problems) = read(&format!("{{#version#: 1, #root#: {root}}}"));
        assert_eq!(directory.caller(0).is_some(), allowed, "{root}");
        assert_eq!(problems.is_empty(), allowed, "{root}");
        assert!(problems.iter().all(|problem| problem.pointer == "/root"), "{root}");
    }
}

#[test]
fn whoever_has_a_policy_that_cannot_be_read_is_denied_everything() {
    let (directory, problems) = read(
        "{#version#: 1, #policies#: {
            #unreadable#: {#Version#: #2012-10-17#, #Statement#: [{#Effect#: 7}]},
            #twice#: {#Version#: #2012-10-17#, #Statement#: [{#Effect#: #Allow#, #Action#: #s3:GetObject#, #Resource#: #arn:aws:s3:::b-1/*#}]},
            #twice#: {#Version#: #2012-10-17#, #Statement#: [{#Effect#: #Allow#, #Action#: #s3:GetObject#, #Resource#: #arn:aws:s3:::b-1/*#}]}},
          #users#: {
            #alice#: {#secret_key#: #$S#, #policies#: [#readwrite#, #unreadable#]},
            #bob#: {#secret_key#: #$S#, #policies#: [#twice#]},
            #carol#: {#secret_key#: #$S#, #policies#: #readwrite#},
            #dave#: {#secret_key#: #$S#, #policies#: [#readwrite#]},
            #erin#: {#secret_key#: #$S#, #policies#: [#readwrite#]}},
          #groups#: {#g#: {#members#: [#erin#], #policies#: {}}}}",
    );
    for name in ["alice", "bob", "carol", "erin"] {
        assert!(caller(&directory, name).policy_broken, "{name}");
    }
    assert!(caller(&directory, "dave").program.is_some());
    for pointer in ["/policies/twice", "/users/carol/policies", "/groups/g/policies"] {
        assert!(pointers(&problems).contains(&pointer), "{pointer}");
    }
    assert!(problems.iter().any(|problem| problem.pointer.starts_with("/policies/unreadable/Statement")));
}

#[test]
fn a_policy_that_reads_but_is_not_valid_is_evaluated_and_reported() {
    let (directory, problems) = read(
        "{#version#: 1, #policies#: {#odd#: {#Version#: #2012-10-17#, #Statement#: [{#Effect#: #Allow#, #Action#: #s3:GetObject#}]}},
          #users#: {#alice#: {#secret_key#: #$S#, #policies#: [#odd#]}}}",
    );
    assert!(caller(&directory, "alice").program.is_some());
    assert!(problems.iter().any(|problem| problem.pointer.starts_with("/policies/odd")), "{problems:?}");
}

#[test]
fn a_policy_that_does_not_exist_gives_nothing() {
    let (directory, problems) = read(
        "{#version#: 1, #users#: {#alice#: {#secret_key#: #$S#, #policies#: [#nope#]}, #bob#: {#secret_key#: #$S#, #policies#: [#readonly#, #Readonly#]}}}",
    );
    assert!(caller(&directory, "alice").program.is_none());
    assert!(caller(&directory, "bob").program.is_some());
    assert_eq!(pointers(&problems), ["/users/alice/policies/0", "/users/bob/policies/1"]);
}

#[test]
fn a_bad_record_stops_no_other() {
    let (directory, problems) = read(
        "{#version#: 1, #users#: {
            #a1#: {#secret_key#: #$S#},
            #a=b#: {#secret_key#: #$S#},
            # bob#: {#secret_key#: #$S#},
            #short#: {#secret_key#: #1234567#},
            #none#: {},
            #null#: null,
            #number#: {#secret_key#: 12345678},
            #a/b~c#: {#secret_key#: #$S#, #stauts#: #disabled#},
            #twin#: {#secret_key#: #$S#}, #twin#: {#secret_key#: #$S#},
            #same#: {#secret_key#: #$S#, #secret_key#: #$S#},
            #keys#: {#secret_key#: #$S#, #access_keys#: [3, {#access_key#: #KEY#}, {#access_key#: #KEY#, #secret_key#: #$S#, #expires#: #soon#}]},
            #list#: {#secret_key#: #$S#, #access_keys#: {}},
            #good#: {#secret_key#: #$S#}},
          #groups#: {#g#: {#members#: [#good#, #nobody#, 7]}, #a=b#: {#members#: [#keys#]}}}",
    );
    for name in ["a1", "a=b", " bob", "short", "none", "null", "number", "twin", "same", "KEY", "a/b~c"] {
        assert!(directory.find(name).is_none(), "{name}");
    }
    for name in ["list", "good"] {
        assert!(!caller(&directory, name).policy_broken, "{name}");
    }
    assert!(caller(&directory, "keys").policy_broken);
    assert_eq!(
        pointers(&problems),
        [
            "/users/a1",
            "/users/a=b",
            "/users/ bob",
            "/users/short",
            "/users/none",
            "/users/null",
            "/users/number",
            "/users/a~1b~0c",
            "/users/twin",
            "/users/twin",
            "/users/same",
            "/users/keys/access_keys/0",
            "/users/keys/access_keys/1",
            "/users/keys/access_keys/2",
            "/users/list/access_keys",
            "/groups/g/members/1",
            "/groups/g/members/2",
            "/groups/a=b",
        ]
    );
}

#[test]
fn an_access_key_given_twice_is_nobody_s() {
    let (directory, problems) = read(
        "{#version#: 1, #users#: {
            #alice#: {#secret_key#: #$S#, #access_keys#: [{#access_key#: #KEY1#, #secret_key#: #$S#}, {#access_key#: #bob#, #secret_key#: #$S#}]},
            #bob#: {#secret_key#: #$S#, #access_keys#: [{#access_key#: #KEY1#, #secret_key#: #$S#}, {#access_key#: #KEY1#, #secret_key#: #$S#}]}}}",
    );
    for access_key in ["KEY1", "bob"] {
        assert!(directory.find(access_key).is_none(), "{access_key}");
    }
    assert!(directory.find("alice").is_some());
    assert_eq!(pointers(&problems), ["/users/bob", "/users/bob/access_keys/0", "/users/bob/access_keys/1"]);
}

#[test]
fn a_document_that_is_no_directory_is_refused_whole() {
    for document in ["", "{", "{#version#: 1} x", "{#version#: 1, #users#: {#a", "\u{feff}{#version#: 1}"] {
        assert_eq!(error(document), ErrorCode::DirectoryUnreadable, "{document}");
    }
    assert_eq!(Directory::read(b"{\"version\": 1, \"x\": \"\xff\"}").unwrap_err().code(), {
        ErrorCode::DirectoryUnreadable
    });
    for document in [
        "[]",
        "{}",
        "{#version#: #1#}",
        "{#version#: 2}",
        "{#version#: 1, #version#: 1}",
        "{#version#: 1, #users#: []}",
        "{#version#: 1, #users#: {}, #users#: {}}",
        "{#version#: 1, #policies#: 1}",
        "{#version#: 1, #groups#: {#g#: null}}",
        "{#version#: 1, #groups#: {#g#: {#members#: #alice#}}}",
        "{#version#: 1, #groups#: {#g#: {#members#: [], #members#: []}}}",
    ] {
        assert_eq!(error(document), ErrorCode::DirectoryInvalid, "{document}");
    }
}

#[test]
fn a_generation_changes_with_the_secret_only() {
    let generation = |secret: &str, other: &str| {
        let document = format!(
            "{{\"version\": 1, \"users\": {{\"{other}\": {{\"secret_key\": \"other-secret\"}}, \
             \"alice\": {{\"secret_key\": \"{secret}\"}}}}}}"
        );
        Directory::read(document.as_bytes()).unwrap().0.find("alice").unwrap().generation
    };
    assert_eq!(generation(SECRET, "bob"), generation(SECRET, "carol"));
    assert_ne!(generation(SECRET, "bob"), generation("another-secret", "bob"));
}

#[test]
fn no_message_shows_a_secret() {
    for document in [
        "{#version#: 1, #users#: {#alice#: {#secret_key#: #$S#",
        "{#version#: 1, #users#: #$S#}",
        "{#version#: #$S#}",
        "{#version#: 1, #users#: {#alice#: #$S#, #bob#: {#secret_key#: [#$S#], #status#: #$S#, #access_keys#: #$S#}}}",
        "{#version#: 1, #root#: {#access_key#: #$S#, #secret_key#: #$S#}}",
    ] {
        let text = document.replace("$S", SECRET).replace('#', "\"");
        let shown = match Directory::read(text.as_bytes()) {
            Ok((directory, problems)) => format!("{directory:?} {problems:?}"),
            Err(error) => format!("{error:?} {error}"),
        };
        assert!(!shown.contains(SECRET), "{shown}");
    }
}

#[test]
fn problems_are_counted_when_there_are_too_many() {
    let users: Vec<String> = (0..1500).map(|n| format!("#u{n:04}#: 1")).collect();
    let (_, problems) = read(&format!("{{#version#: 1, #users#: {{{}}}}}", users.join(",")));
    assert_eq!(problems.len(), 1001);
    assert_eq!(problems[1000].message, "500 further problems are not listed");
}

proptest! {
    /// Whatever the document, reading ends, and a caller with a program is one of an enabled user.
    #[test]
    fn no_document_panics(
        pieces in proptest::collection::vec(
            prop_oneof![
                Just("{"), Just("}"), Just("["), Just("]"), Just(":"), Just(","), Just("1"), Just("null"),
                Just("\"version\""), Just("\"users\""), Just("\"groups\""), Just("\"members\""), Just("\"abc\""),
                Just("\"secret_key\""), Just("\"policies\""), Just("\"readonly\""), Just("\"12345678\""),
            ],
            0..60,
        )
    ) {
        let _ = Directory::read(pieces.concat().as_bytes());
        let wrapped = format!("{{\"version\":1,\"users\":{{\"abc\":{}}}}}", pieces.concat());
        let _ = Directory::read(wrapped.as_bytes());
    }
}
