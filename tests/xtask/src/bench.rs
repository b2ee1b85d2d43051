//! `cargo xtask bench`: the core beside its floor, and every binding beside the core, in one run.

use crate::demo::{self, Answers};
use crate::stage::stage;
use crate::workshop::Workshop;
use harness::job::{Authorize, Http, Job};
use harness::run::table;
use harness::sign::Signer;
use s3iam::Timestamp;

/// Calls of each request in each language.
const REPETITIONS: u32 = 300_000;
const NOW: i64 = 1_768_478_400_000;
const DIRECTORY: &str = r#"{"version": 1, "users": {"alice": {"secret_key": "alice-and-her-secret"}},
    "groups": {"viewers": {"members": ["alice"], "policies": ["readonly"]}}}"#;

/// How much more than the core a binding's `authorize` may take, in microseconds.
const GOALS: [(&str, f64); 2] = [("python", 0.6), ("node", 1.0)];

/// Runs the core's benches, then the comparison.
pub fn run(workshop: &Workshop) -> Result<(), String> {
    demo::make_ready(workshop)?;
    stage("benches of the core", || {
        workshop.run(workshop.cargo("bench").args(["--locked", "--package", "s3iam", "--benches"]))
    })?;
    let requests = [("GET signed in the header", None), ("GET presigned", Some(300))];
    let lines: Vec<String> = requests.iter().map(|(_, expires)| job(*expires).line()).collect();
    let answers = stage("authorize in every language", || Ok(demo::ask_everyone(workshop, &lines)))?;
    for (at, (name, _)) in requests.iter().enumerate() {
        println!("\nauthorize: {name}\n{}", comparison(&answers, at)?);
    }
    let size = std::fs::read_to_string(workshop.path("wasm/size.txt")).unwrap_or_default();
    println!("size of the wasm module (wasm/size.txt):\n{size}");
    Ok(())
}

fn job(expires: Option<u32>) -> Job {
    let header = |name: &str, value: &str| (name.as_bytes().to_vec(), value.as_bytes().to_vec());
    let mut http = Http {
        method: b"GET".to_vec(),
        target: b"/photos/2026/11/summer%20day.jpg".to_vec(),
        headers: vec![header("Host", "s3.example.com"), header("User-Agent", "bench/1.0")],
        body: None,
    };
    let signer = Signer {
        access_key: "alice",
        secret_key: "alice-and-her-secret",
        session_token: None,
        region: "us-east-1",
        at: Timestamp::from_unix_millis(NOW),
        expires,
    };
    // A browser does not sign its user agent.
    let agent = http.headers.pop();
    signer.sign(&mut http);
    http.headers.extend(agent);
    Job::Authorize(Box::new(Authorize {
        repetitions: REPETITIONS,
        directory: DIRECTORY.as_bytes().to_vec(),
        profile: "aws".to_owned(),
        region: "us-east-1".to_owned(),
        now: NOW,
        peer: "192.0.2.7".to_owned(),
        secure: true,
        request_id: "BENCH".to_owned(),
        http,
        ..Authorize::default()
    }))
}

/// Each language's time for the request at `at`, beside the core's.
fn comparison(answers: &[Answers], at: usize) -> Result<String, String> {
    let mut rows =
        vec![["language", "µs a call", "native +", "× native", "goal"].map(str::to_owned).to_vec()];
    let mut native = None;
    for (language, answers) in answers {
        let fields = match answers.get(at) {
            Some(Ok(fields)) => fields,
            Some(Err(message)) => return Err(format!("{language}: {message}")),
            None => return Err(format!("{language}: no answer")),
        };
        if fields.first().is_none_or(|verdict| verdict != "allowed") {
            return Err(format!("{language}: the request that is measured is not allowed: {fields:?}"));
        }
        let time = fields.last().and_then(|nanoseconds| nanoseconds.parse::<f64>().ok());
        let time = time.ok_or_else(|| format!("{language}: no time in {fields:?}"))? / 1000.0;
        let core = *native.get_or_insert(time);
        rows.push(vec![
            language.clone(),
            format!("{time:.2}"),
            format!("{:.2}", time - core),
            format!("{:.2}", time / core),
            goal(language, time - core),
        ]);
    }
    Ok(table(&rows))
}

fn goal(language: &str, more: f64) -> String {
    let Some((_, most)) = GOALS.iter().find(|(name, _)| *name == language) else { return String::new() };
    format!("{} (at most native + {most:.1} µs)", if more <= *most { "reached" } else { "MISSED" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bindings_are_compared_with_the_first_language() {
        let answer = |nanoseconds: &str| vec![Ok(vec!["allowed".to_owned(), nanoseconds.to_owned()])];
        let answers = [("rust".to_owned(), answer("2000")), ("node".to_owned(), answer("3500"))];
        let text = comparison(&answers, 0).unwrap();
        assert!(text.contains("node           3.50      1.50      1.75  MISSED"), "{text}");
        let refused = [("rust".to_owned(), vec![Ok(vec!["refused".to_owned(), "1".to_owned()])])];
        assert!(comparison(&refused, 0).unwrap_err().contains("not allowed"));
    }
}
