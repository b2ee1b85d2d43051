//! `cargo xtask bench`: the core beside its floor, and every binding beside the core, in one run.

use crate::demo::{self, Answers};
use crate::language;
use crate::stage::stage;
use crate::workshop::Workshop;
use harness::job::{Authorize, Http, Job, Key, Time, Verify};
use harness::run::table;
use harness::sign::Signer;
use s3iam::Timestamp;

/// How often every language is asked in turn. What else the machine does slows down a few rounds, and
/// seldom the same ones for all languages, so the least time of each counts.
const ROUNDS: usize = 15;
/// Calls of each request in each language in a round, for which it answers the median of batches: enough
/// for Node to have compiled what they run.
const REPETITIONS: u32 = 60_000;
const NOW: i64 = 1_768_478_400_000;
const ACCESS_KEY: &str = "alice";
const SECRET_KEY: &str = "alice-and-her-secret";
const DIRECTORY: &str = r#"{"version": 1, "users": {"alice": {"secret_key": "alice-and-her-secret"}},
    "groups": {"viewers": {"members": ["alice"], "policies": ["readonly"]}}}"#;

/// How much more than the core a binding may take for a call, in microseconds.
type Goals = [(&'static str, f64)];
const AUTHORIZE: &Goals = &[("python", 0.6), ("node", 1.0)];
const VERIFY: &Goals = &[("python", 0.3), ("node", 0.45)];
/// Those that can be asked how long they verify. That of WebAssembly is held to another floor: `npm run bench` in `wasm`.
const VERIFYING: [&str; 3] = ["python", "node", "wasm"];

/// Runs the core's benches, then the comparison.
pub fn run(workshop: &Workshop) -> Result<(), String> {
    demo::make_ready(workshop)?;
    stage("benches of the core", || {
        workshop.run(workshop.cargo("bench").args(["--locked", "--package", "s3iam", "--benches"]))
    })?;
    let requests = [("GET signed in the header", None), ("GET presigned", Some(300))];
    let lines: Vec<String> = requests.iter().map(|(_, expires)| job(*expires).line()).collect();
    let rounds = stage("authorize in every language", || {
        Ok((0..ROUNDS).map(|_| demo::ask_everyone(workshop, &lines)).collect::<Vec<_>>())
    })?;
    for (at, (name, _)) in requests.iter().enumerate() {
        println!("\nauthorize: {name}\n{}", comparison(&rounds, at, AUTHORIZE)?);
    }
    let mut languages = language::all();
    languages.retain(|language| VERIFYING.contains(&language.name()));
    let rounds = stage("verify", || {
        let lines = [verification().line()];
        Ok((0..ROUNDS).map(|_| demo::ask(workshop, &languages, &lines)).collect::<Vec<_>>())
    })?;
    println!("\nverify: GET signed in the header, with seven headers\n{}", comparison(&rounds, 0, VERIFY)?);
    let size = std::fs::read_to_string(workshop.path("wasm/size.txt")).unwrap_or_default();
    println!("sizes of the wasm modules (wasm/size.txt):\n{size}");
    Ok(())
}

fn job(expires: Option<u32>) -> Job {
    Job::Authorize(Box::new(Authorize {
        repetitions: REPETITIONS,
        directory: DIRECTORY.as_bytes().to_vec(),
        profile: "aws".to_owned(),
        region: "us-east-1".to_owned(),
        now: NOW,
        peer: "192.0.2.7".to_owned(),
        secure: true,
        request_id: "BENCH".to_owned(),
        http: request(expires, &[("User-Agent", "bench/1.0")]),
        ..Authorize::default()
    }))
}

fn verification() -> Job {
    let unsigned = [("User-Agent", "bench/1.0"), ("Accept", "*/*"), ("Accept-Encoding", "identity")];
    let verify = Verify {
        profile: "aws".to_owned(),
        region: "us-east-1".to_owned(),
        services: vec!["s3".to_owned()],
        max_skew_seconds: 900,
        require_content_sha256: true,
        now: NOW,
        keys: vec![Key {
            access_key: ACCESS_KEY.to_owned(),
            secret_key: SECRET_KEY.to_owned(),
            enabled: true,
            ..Key::default()
        }],
        http: request(None, &unsigned),
        ..Verify::default()
    };
    Job::Time(Box::new(Time { repetitions: REPETITIONS, verify }))
}

/// A signed request, with these headers beside those that are signed.
fn request(expires: Option<u32>, unsigned: &[(&str, &str)]) -> Http {
    let header = |name: &str, value: &str| (name.as_bytes().to_vec(), value.as_bytes().to_vec());
    let mut http = Http {
        method: b"GET".to_vec(),
        target: b"/photos/2026/11/summer%20day.jpg".to_vec(),
        headers: vec![header("Host", "s3.example.com")],
        body: None,
    };
    let signer = Signer {
        access_key: ACCESS_KEY,
        secret_key: SECRET_KEY,
        session_token: None,
        region: "us-east-1",
        at: Timestamp::from_unix_millis(NOW),
        expires,
    };
    signer.sign(&mut http);
    http.headers.extend(unsigned.iter().map(|(name, value)| header(name, value)));
    http
}

/// Each language's least time of all rounds for the request at `at`, beside the core's.
fn comparison(rounds: &[Vec<Answers>], at: usize, goals: &Goals) -> Result<String, String> {
    let mut rows =
        vec![["language", "µs a call", "native +", "× native", "goal"].map(str::to_owned).to_vec()];
    let mut native = None;
    for (place, (language, _)) in rounds.first().into_iter().flatten().enumerate() {
        let mut least = f64::INFINITY;
        for round in rounds {
            let (_, answers) = round.get(place).ok_or_else(|| format!("{language}: left out of a round"))?;
            least = least.min(time(language, answers.get(at))?);
        }
        let core = *native.get_or_insert(least);
        rows.push(vec![
            language.clone(),
            format!("{least:.2}"),
            format!("{:.2}", least - core),
            format!("{:.2}", least / core),
            goal(goals, language, least - core),
        ]);
    }
    Ok(table(&rows))
}

/// The time that an answer says, in microseconds, if it is the right answer.
fn time(language: &str, answer: Option<&Result<Vec<String>, String>>) -> Result<f64, String> {
    let fields = match answer {
        Some(Ok(fields)) => fields,
        Some(Err(message)) => return Err(format!("{language}: {message}")),
        None => return Err(format!("{language}: no answer")),
    };
    if fields.first().is_none_or(|answer| answer != "allowed" && answer != "accept") {
        return Err(format!("{language}: the request that is measured is not allowed: {fields:?}"));
    }
    let time = fields.last().and_then(|nanoseconds| nanoseconds.parse::<f64>().ok());
    Ok(time.ok_or_else(|| format!("{language}: no time in {fields:?}"))? / 1000.0)
}

fn goal(goals: &Goals, language: &str, more: f64) -> String {
    let Some((_, most)) = goals.iter().find(|(name, _)| *name == language) else { return String::new() };
    format!("{} (at most native + {most} µs)", if more <= *most { "reached" } else { "MISSED" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bindings_are_compared_with_the_first_language() {
        let round = |answer: &str, rust: &str, node: &str| -> Vec<Answers> {
            [("rust", rust), ("node", node)]
                .map(|(name, time)| (name.to_owned(), vec![Ok(vec![answer.to_owned(), time.to_owned()])]))
                .to_vec()
        };
        let rounds = [round("allowed", "2000", "3900"), round("allowed", "2400", "3500")];
        let text = comparison(&rounds, 0, AUTHORIZE).unwrap();
        assert!(text.contains("node           3.50      1.50      1.75  MISSED"), "{text}");
        let refused = [round("allowed", "1", "1"), round("refused", "1", "1")];
        assert!(comparison(&refused, 0, AUTHORIZE).unwrap_err().contains("not allowed"));
    }
}
