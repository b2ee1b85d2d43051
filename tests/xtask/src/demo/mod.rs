//! `cargo xtask demo`: requests that real clients sign at this moment, authorized in every language.

mod curl;
mod plan;
mod table;

use crate::language::Language;
use crate::stage::stage;
use crate::workshop::Workshop;
use crate::{debian, language, setup};
use harness::job::{Authorize, Job};
use harness::process::Process;
use harness::{Adapter, protocol};
use plan::{Plan, Request};
use std::process::Command;

/// Calls of each request in each language, for its time.
const REPETITIONS: u32 = 2000;

/// A language and its answer to every request, as fields.
pub type Answers = (String, Vec<Result<Vec<String>, String>>);

/// Sets up what is missing, builds everything, signs, authorizes, prints the table.
pub fn run(workshop: &Workshop) -> Result<(), String> {
    make_ready(workshop)?;
    stage("set up the signers", || set_up_signers(workshop))?;
    let plan = Plan::read(workshop)?;
    let requests = stage("sign", || plan.sign(workshop))?;
    let lines: Vec<String> = requests.iter().map(|request| job(&plan, request).line()).collect();
    let answers = stage("authorize", || Ok(ask_everyone(workshop, &lines)))?;
    let (text, problems) = table::table(&requests, &answers);
    print!("\n{text}\n");
    for problem in &problems {
        println!("{problem}");
    }
    if problems.is_empty() {
        println!("{} requests, {} languages, one answer each", requests.len(), answers.len());
        Ok(())
    } else {
        Err(format!("{} answers are not as they should be", problems.len()))
    }
}

/// Sets up and builds the bindings and the core in release form.
pub fn make_ready(workshop: &Workshop) -> Result<(), String> {
    stage("set up the virtual environment", || setup::python_environment(workshop))?;
    for language in language::all() {
        language::make_ready(workshop, language.as_ref())?;
    }
    stage("build the core", || {
        let mut cargo = workshop.cargo("build");
        workshop.run(cargo.args([
            "--quiet",
            "--release",
            "--locked",
            "-p",
            "harness",
            "--bin",
            "core-adapter",
        ]))
    })
}

/// Gives the same jobs to the core and to every binding.
pub fn ask_everyone(workshop: &Workshop, lines: &[String]) -> Vec<Answers> {
    ask(workshop, &language::all(), lines)
}

/// Gives the same jobs to the core and to these bindings.
pub fn ask(workshop: &Workshop, languages: &[Box<dyn Language>], lines: &[String]) -> Vec<Answers> {
    let core = workshop.command(workshop.release_program("core-adapter"));
    let mut commands: Vec<(&str, Command)> = vec![("rust", core)];
    commands.extend(languages.iter().map(|language| (language.name(), language.adapter(workshop))));
    commands
        .into_iter()
        .map(|(name, command)| {
            let answers = Process::new(name, command).answers(lines);
            (name.to_owned(), answers.into_iter().map(|answer| answer.and_then(|a| fields(&a))).collect())
        })
        .collect()
}

fn fields(answer: &str) -> Result<Vec<String>, String> {
    let fields = protocol::decode(answer)?;
    Ok(fields.into_iter().map(|field| String::from_utf8_lossy(&field).into_owned()).collect())
}

fn job(plan: &Plan, request: &Request) -> Job {
    Job::Authorize(Box::new(Authorize {
        repetitions: REPETITIONS,
        directory: plan.directory.clone().into_bytes(),
        profile: "aws".to_owned(),
        region: plan.region.clone(),
        domains: vec![plan.host.clone()],
        now: request.now,
        peer: "127.0.0.1".to_owned(),
        secure: true,
        request_id: "DEMO".to_owned(),
        http: request.http.clone(),
        object_tags: None,
    }))
}

/// Installs the packages of the Node signers, and curl; botocore is in the virtual environment.
fn set_up_signers(workshop: &Workshop) -> Result<(), String> {
    let curl_is_there = || workshop.output(workshop.command("curl").arg("--version")).is_ok();
    if !curl_is_there() {
        let _ = debian::install(workshop, &["curl"]);
    }
    if !curl_is_there() {
        return Err("curl is needed: https://curl.se/download.html".to_owned());
    }
    let inputs = ["tests/demo/package.json", "tests/demo/package-lock.json"];
    workshop.once_making("demo-signers", &inputs, "tests/demo/node_modules", || {
        let mut npm = workshop.command("npm");
        npm.current_dir(workshop.path("tests/demo"));
        workshop.run(npm.args(["ci", "--no-audit", "--no-fund", "--loglevel=error"]))
    })
}
