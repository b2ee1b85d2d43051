//! The demo's requests (`tests/demo/requests.json`), and who signs them.

use super::curl;
use crate::workshop::Workshop;
use harness::expect::Expect;
use harness::job::Http;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;
use std::io::Write;
use std::process::{Command, Stdio};
use std::time::{SystemTime, UNIX_EPOCH};

/// What is to be signed, and against which directory.
pub struct Plan {
    /// The directory document.
    pub directory: String,
    /// The server's name.
    pub host: String,
    /// The region.
    pub region: String,
    requests: Vec<Wish>,
}

/// A signed request.
pub struct Request {
    /// What it is about.
    pub name: String,
    /// Who signed it.
    pub client: String,
    /// The request as it would arrive.
    pub http: Http,
    /// When it arrives, in milliseconds since 1970.
    pub now: i64,
    /// What the answer must be.
    pub expect: Expect,
}

#[derive(Deserialize)]
struct File {
    host: String,
    region: String,
    requests: Vec<Wish>,
}

/// A request to sign. Members that only one client knows are handed through to it.
#[derive(Clone, Deserialize, Serialize)]
pub struct Wish {
    name: String,
    client: String,
    #[serde(default)]
    key: String,
    /// The secret to sign with, instead of the one in the directory.
    #[serde(default)]
    secret: String,
    /// The target that arrives, instead of the one that was signed.
    #[serde(default, skip_serializing)]
    sent: Option<String>,
    /// How many seconds after signing it arrives.
    #[serde(default, skip_serializing)]
    later: i64,
    #[serde(skip_serializing)]
    expect: Value,
    #[serde(flatten)]
    rest: BTreeMap<String, Value>,
}

/// A request as a signer hands it back.
#[derive(Deserialize)]
struct Signed {
    method: String,
    target: String,
    headers: Vec<(String, String)>,
    body: Option<String>,
}

impl Plan {
    /// Reads the demo's files.
    pub fn read(workshop: &Workshop) -> Result<Self, String> {
        let read = |name: &str| {
            let path = workshop.path(name);
            std::fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))
        };
        let directory = read("tests/demo/directory.json")?;
        let secrets = secrets(&directory)?;
        let file: File = serde_json::from_str(&read("tests/demo/requests.json")?)
            .map_err(|error| format!("tests/demo/requests.json: {error}"))?;
        let mut requests = file.requests;
        for wish in requests.iter_mut().filter(|wish| wish.secret.is_empty()) {
            wish.secret = secrets.get(&wish.key).cloned().unwrap_or_default();
        }
        Ok(Self { directory, host: file.host, region: file.region, requests })
    }

    /// Has every request signed by its client, now.
    pub fn sign(&self, workshop: &Workshop) -> Result<Vec<Request>, String> {
        let mut signed: Vec<Option<Http>> = vec![None; self.requests.len()];
        let mut python = workshop.command(workshop.python());
        python.arg("tests/demo/sign.py");
        self.ask(&["botocore"], &mut python, &mut signed)?;
        let mut node = workshop.command("node");
        node.arg("tests/demo/sign.mjs");
        self.ask(&["aws4", "smithy"], &mut node, &mut signed)?;
        for (wish, slot) in self.requests.iter().zip(&mut signed) {
            if wish.client == "curl" {
                *slot = Some(curl::request(&wish.curl(&self.region))?);
            }
        }
        let now = SystemTime::now().duration_since(UNIX_EPOCH).map_err(|error| error.to_string())?;
        let now = i64::try_from(now.as_millis()).map_err(|error| error.to_string())?;
        self.requests.iter().zip(signed).map(|(wish, http)| wish.arrive(http, now)).collect()
    }

    /// Gives the wishes of some clients to a script that signs them.
    fn ask(&self, clients: &[&str], script: &mut Command, signed: &mut [Option<Http>]) -> Result<(), String> {
        let (slots, wishes): (Vec<&mut Option<Http>>, Vec<&Wish>) = signed
            .iter_mut()
            .zip(&self.requests)
            .filter(|(_, wish)| clients.contains(&wish.client.as_str()))
            .unzip();
        let plan = serde_json::json!({"host": self.host, "region": self.region, "requests": wishes});
        let answer = talk(script, &plan.to_string())?;
        let answers: Vec<Signed> =
            serde_json::from_str(&answer).map_err(|error| format!("{script:?}: {error}"))?;
        if answers.len() != slots.len() {
            return Err(format!("{script:?} signed {} of {} requests", answers.len(), slots.len()));
        }
        for (slot, answer) in slots.into_iter().zip(answers) {
            *slot = Some(answer.http());
        }
        Ok(())
    }
}

impl Wish {
    fn text(&self, member: &str) -> &str {
        self.rest.get(member).and_then(Value::as_str).unwrap_or_default()
    }

    fn curl<'a>(&'a self, region: &'a str) -> curl::Wish<'a> {
        curl::Wish {
            method: self.text("method"),
            target: self.text("target"),
            body: self.text("body"),
            region,
            key: &self.key,
            secret: &self.secret,
        }
    }

    fn arrive(&self, http: Option<Http>, now: i64) -> Result<Request, String> {
        let mut http = http.ok_or_else(|| format!("nobody signs for the client {:?}", self.client))?;
        if let Some(sent) = &self.sent {
            http.target = sent.clone().into_bytes();
        }
        Ok(Request {
            name: self.name.clone(),
            client: self.client.clone(),
            http,
            now: now + self.later * 1000,
            expect: harness::format::verdict(&self.expect.to_string())
                .map_err(|error| format!("{}: {error}", self.name))?,
        })
    }
}

impl Signed {
    fn http(self) -> Http {
        let bytes = |(name, value): (String, String)| (name.into_bytes(), value.into_bytes());
        Http {
            method: self.method.into_bytes(),
            target: self.target.into_bytes(),
            headers: self.headers.into_iter().map(bytes).collect(),
            body: self.body.map(String::into_bytes),
        }
    }
}

/// The secret of each access key of the directory.
fn secrets(directory: &str) -> Result<BTreeMap<String, String>, String> {
    #[derive(Deserialize)]
    struct Directory {
        users: BTreeMap<String, User>,
    }
    #[derive(Deserialize)]
    struct User {
        secret_key: String,
    }
    let directory: Directory = serde_json::from_str(directory).map_err(|error| error.to_string())?;
    Ok(directory.users.into_iter().map(|(name, user)| (name, user.secret_key)).collect())
}

/// Runs a command with that text as its input, and returns what it prints.
fn talk(command: &mut Command, input: &str) -> Result<String, String> {
    let failed = |command: &Command, error: std::io::Error| format!("{command:?}: {error}");
    let child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
    let mut child = child.map_err(|error| failed(command, error))?;
    if let Some(mut pipe) = child.stdin.take() {
        pipe.write_all(input.as_bytes()).map_err(|error| failed(command, error))?;
    }
    let output = child.wait_with_output().map_err(|error| failed(command, error))?;
    if !output.status.success() {
        return Err(format!("{command:?}: {}", output.status));
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}
