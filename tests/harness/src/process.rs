//! A binding's adapter in a child process.

use crate::Adapter;
use std::collections::VecDeque;
use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

/// A binding, answering in a child process that is started for each list of jobs.
pub struct Process {
    name: String,
    command: Command,
    patience: Duration,
    complaint: Option<String>,
}

/// How long an adapter may be silent.
pub const PATIENCE: Duration = Duration::from_secs(120);

impl Process {
    /// The adapter that `command` starts.
    pub fn new(name: &str, command: Command) -> Self {
        Self { name: name.to_owned(), command, patience: PATIENCE, complaint: None }
    }

    /// Waits at most that long for an answer.
    #[must_use]
    pub fn with_patience(mut self, patience: Duration) -> Self {
        self.patience = patience;
        self
    }

    fn start(&mut self) -> Result<Child, String> {
        self.command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        self.command
            .spawn()
            .map_err(|error| format!("{:?} does not start: {error}", self.command.get_program()))
    }
}

impl Adapter for Process {
    fn name(&self) -> &str {
        &self.name
    }

    fn answers(&mut self, lines: &[String]) -> Vec<Result<String, String>> {
        if lines.is_empty() {
            return Vec::new();
        }
        let mut child = match self.start() {
            Ok(child) => child,
            Err(message) => return vec![Err(message); lines.len()],
        };
        let mut answers: Vec<Result<String, String>> = Vec::with_capacity(lines.len());
        let failure = talk(&mut child, lines, self.patience, &mut answers);
        self.complaint = match &failure {
            Some(message) if answers.len() == lines.len() => Some(message.clone()),
            _ => None,
        };
        let message = failure.unwrap_or_else(|| "no answer".to_owned());
        answers.resize(lines.len(), Err(message));
        answers
    }

    fn complaint(&mut self) -> Option<String> {
        self.complaint.take()
    }
}

/// Writes the lines and reads the answers; returns what went wrong.
fn talk(
    child: &mut Child,
    lines: &[String],
    patience: Duration,
    answers: &mut Vec<Result<String, String>>,
) -> Option<String> {
    write_lines(child.stdin.take()?, lines.to_vec());
    let (output, errors) = (child.stdout.take()?, child.stderr.take()?);
    let errors = read_last_lines(errors);
    let received = read_lines(output);
    let trouble = receive(&received, lines.len(), patience, answers);
    if trouble.is_some() {
        // It is silent, talks nonsense, or is gone: in each case nothing more is expected of it.
        let _ = child.kill();
    }
    let status = wait(child, patience);
    // A process that outlives its parent may hold the pipe open: that is not waited for.
    let said = errors.recv_timeout(Duration::from_secs(2)).unwrap_or_default();
    let trouble = match (trouble, status) {
        (Some(trouble), Ok(status)) if !killed(&status) => format!("{trouble} ({status})"),
        (Some(trouble), _) => trouble,
        (None, Ok(status)) if status.success() => return None,
        (None, Ok(status)) => format!("it ended with {status}"),
        (None, Err(message)) => message,
    };
    Some(if said.is_empty() { trouble } else { format!("{trouble}; it said: {said}") })
}

/// Whether a process ended by the signal that we sent.
fn killed(status: &ExitStatus) -> bool {
    #[cfg(unix)]
    return std::os::unix::process::ExitStatusExt::signal(status) == Some(9);
    #[cfg(not(unix))]
    return !status.success();
}

/// Takes as many answers as there are jobs; returns what went wrong.
fn receive(
    received: &Receiver<String>,
    wanted: usize,
    patience: Duration,
    answers: &mut Vec<Result<String, String>>,
) -> Option<String> {
    while answers.len() < wanted {
        match received.recv_timeout(patience) {
            Ok(answer) => answers.push(Ok(answer)),
            Err(RecvTimeoutError::Timeout) => {
                return Some(format!(
                    "no answer within {} s to job {}",
                    patience.as_secs_f32(),
                    answers.len() + 1
                ));
            }
            Err(RecvTimeoutError::Disconnected) => {
                return Some(format!("it ended after {} of {wanted} answers", answers.len()));
            }
        }
    }
    match received.recv_timeout(patience) {
        Err(RecvTimeoutError::Disconnected) => None,
        Err(RecvTimeoutError::Timeout) => Some("it does not end when its input ends".to_owned()),
        Ok(extra) => {
            // Answers that have slipped by one cannot be told from right ones: none of them counts.
            answers.clear();
            Some(format!("more answers than jobs: {extra:?}"))
        }
    }
}

fn write_lines(mut input: impl Write + Send + 'static, lines: Vec<String>) {
    std::thread::spawn(move || {
        let mut text = lines.join("\n");
        text.push('\n');
        // A process that has ended does not read; that it ended is noticed where its answers are read.
        let _ = input.write_all(text.as_bytes());
    });
}

fn read_lines(output: impl Read + Send + 'static) -> Receiver<String> {
    let (sender, receiver) = channel();
    std::thread::spawn(move || {
        for line in BufReader::new(output).split(b'\n').map_while(Result::ok) {
            let line = String::from_utf8_lossy(&line).trim_end_matches('\r').to_owned();
            if sender.send(line).is_err() {
                break;
            }
        }
    });
    receiver
}

fn read_last_lines(errors: impl Read + Send + 'static) -> Receiver<String> {
    const KEPT: usize = 20;
    let (sender, receiver) = channel();
    std::thread::spawn(move || {
        let mut last = VecDeque::new();
        for line in BufReader::new(errors).split(b'\n').map_while(Result::ok) {
            if last.len() == KEPT {
                last.pop_front();
            }
            last.push_back(String::from_utf8_lossy(&line).into_owned());
        }
        let _ = sender.send(last.make_contiguous().join("\n"));
    });
    receiver
}

fn wait(child: &mut Child, patience: Duration) -> Result<ExitStatus, String> {
    let deadline = Instant::now() + patience;
    loop {
        match child.try_wait() {
            Ok(Some(status)) => return Ok(status),
            Ok(None) if Instant::now() < deadline => std::thread::sleep(Duration::from_millis(2)),
            Ok(None) => {
                let _ = child.kill();
                let _ = child.wait();
                return Err("it does not end when its input ends".to_owned());
            }
            Err(error) => return Err(error.to_string()),
        }
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    fn shell(script: &str) -> Process {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        Process::new("shell", command).with_patience(Duration::from_millis(700))
    }

    fn three() -> Vec<String> {
        ["one", "two", "three"].map(str::to_owned).to_vec()
    }

    #[test]
    fn answers_come_in_order() {
        let mut adapter = shell("cat");
        let answers: Result<Vec<String>, String> = adapter.answers(&three()).into_iter().collect();
        assert_eq!(answers, Ok(three()));
        assert_eq!(adapter.complaint(), None);
    }

    #[test]
    fn a_crash_fails_every_job_that_is_left() {
        let answers = shell("head -n 1; echo ouch >&2; exit 3").answers(&three());
        assert_eq!(answers[0], Ok("one".to_owned()));
        for answer in &answers[1..] {
            let message = answer.as_ref().unwrap_err();
            assert!(message.contains("after 1 of 3") && message.contains("ouch"), "{message}");
        }
    }

    #[test]
    fn silence_is_not_waited_for_forever() {
        let answers = shell("exec sleep 60").answers(&three());
        assert!(answers.iter().all(|answer| answer.as_ref().unwrap_err().contains("no answer within")));
    }

    #[test]
    fn a_program_that_is_not_there_fails_every_job() {
        let answers = Process::new("none", Command::new("./no-such-program")).answers(&three());
        assert!(answers.iter().all(|answer| answer.as_ref().unwrap_err().contains("does not start")));
    }

    #[test]
    fn a_line_too_many_takes_every_answer_back() {
        let answers = shell("cat; echo four").answers(&three());
        assert!(answers.iter().all(|answer| answer.as_ref().unwrap_err().contains("more answers than jobs")));
    }

    #[test]
    fn a_bad_end_after_the_last_answer_is_a_complaint() {
        let mut adapter = shell("cat; echo leak >&2; exit 1");
        assert!(adapter.answers(&three()).iter().all(Result::is_ok));
        assert!(adapter.complaint().unwrap().contains("leak"));
    }
}
