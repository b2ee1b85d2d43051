//! `cargo xtask bench`: the core beside its floor, and every binding beside the core, in one run.

use crate::demo::{self, Answers};
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
const DIRECTORY: &str = r#"{"version": 1, "users": {"alice": {"secret_key": "alice-and-her-secret"}},
    "groups": {"viewers": {"members": ["alice"], "policies": ["readonly"]}}}"#;

/// How much more than the core a binding's `authorize` may take, in microseconds.
const GOALS: [(&str, f64); 2] = [("python", 0.6), ("node", 1.0)];
/// The languages that are asked how long `verify` takes.
const VERIFYING: [&str; 3] = ["rust", "node", "wasm"];

/// Runs the core's benches, then the comparison.
pub fn run(workshop: &Workshop) -> Result<(), String> {
    demo::make_ready(workshop)?;
    stage("benches of the core", || {
        workshop.run(workshop.cargo("bench").args(["--locked", "--package", "s3iam", "--benches"]))
    })?;
    let requests = [("GET signed in the header", None), ("GET presigned", Some(300))];
    let jobs = requests.iter().map(|(_, expires)| authorize(request(*expires)));
    let lines: Vec<String> = jobs
        .chain(requests.iter().map(|(_, expires)| verify(request(*expires))))
        .map(|job| job.line())
        .collect();
    let mut rounds = stage("authorize and verify in every language", || {
        Ok((0..ROUNDS).map(|_| demo::ask_everyone(workshop, &lines)).collect::<Vec<_>>())
    })?;
    for (at, (name, _)) in requests.iter().enumerate() {
        println!("\nauthorize: {name}\n{}", comparison(&rounds, at, &GOALS)?);
    }
    for round in &mut rounds {
        round.retain(|(language, _)| VERIFYING.contains(&language.as_str()));
    }
    for (at, (name, _)) in requests.iter().enumerate() {
        println!("\nverify: {name}\n{}", comparison(&rounds, requests.len() + at, &[])?);
    }
    let size = std::fs::read_to_string(workshop.path("wasm/size.txt")).unwrap_or_default();
    println!("sizes of the wasm modules (wasm/size.txt):\n{size}");
    Ok(())
}

/// A signed GET with five headers, or a presigned one with two.
fn request(expires: Option<u32>) -> Http {
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
    http
}

fn verify(http: Http) -> Job {
    let key = Key {
        access_key: "alice".to_owned(),
        secret_key: "alice-and-her-secret".to_owned(),
        enabled: true,
        ..Key::default()
    };
    let services = vec!["s3".to_owned()];
    let verify = Verify {
        profile: "aws".to_owned(),
        region: "us-east-1".to_owned(),
        services,
        max_skew_seconds: 900,
        now: NOW,
        keys: vec![key],
        http,
        ..Verify::default()
    };
    Job::Time(Box::new(Time { repetitions: REPETITIONS, verify }))
}

fn authorize(http: Http) -> Job {
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

/// Each language's least time of all rounds for the request at `at`, beside the core's.
fn comparison(rounds: &[Vec<Answers>], at: usize, goals: &[(&str, f64)]) -> Result<String, String> {
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
    if !fields.first().is_some_and(|answer| ["allowed", "accept"].contains(&answer.as_str())) {
        return Err(format!("{language}: the request that is measured is refused: {fields:?}"));
    }
    let time = fields.last().and_then(|nanoseconds| nanoseconds.parse::<f64>().ok());
    Ok(time.ok_or_else(|| format!("{language}: no time in {fields:?}"))? / 1000.0)
}

fn goal(goals: &[(&str, f64)], language: &str, more: f64) -> String {
    let Some((_, most)) = goals.iter().find(|(name, _)| *name == language) else { return String::new() };
    format!("{} (at most native + {most:.1} µs)", if more <= *most { "reached" } else { "MISSED" })
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
        let text = comparison(&rounds, 0, &GOALS).unwrap();
        assert!(text.contains("node           3.50      1.50      1.75  MISSED"), "{text}");
        let refused = [round("allowed", "1", "1"), round("refused", "1", "1")];
        assert!(comparison(&refused, 0, &GOALS).unwrap_err().contains("is refused"));
    }
}
