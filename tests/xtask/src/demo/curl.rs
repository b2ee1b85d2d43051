//! Requests of `curl --aws-sigv4`, recorded byte for byte by a listener on the loopback address.

use harness::job::Http;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// What curl is asked for.
pub struct Wish<'a> {
    /// The method.
    pub method: &'a str,
    /// The target.
    pub target: &'a str,
    /// The body; empty for none.
    pub body: &'a str,
    /// The region.
    pub region: &'a str,
    /// The access key; empty for a request that is not signed.
    pub key: &'a str,
    /// Its secret.
    pub secret: &'a str,
}

const PATIENCE: Duration = Duration::from_secs(20);

/// Lets curl send the request, and returns it as it arrived.
pub fn request(wish: &Wish<'_>) -> Result<Http, String> {
    let failed = |error: std::io::Error| format!("curl: {error}");
    let listener = TcpListener::bind("127.0.0.1:0").map_err(failed)?;
    listener.set_nonblocking(true).map_err(failed)?;
    let address = listener.local_addr().map_err(failed)?;
    let mut curl = command(wish, &format!("http://{address}{}", wish.target));
    let mut child = curl.spawn().map_err(|error| format!("curl is needed: {error}"))?;
    // The options with the secret go through a pipe: a command line can be read by other users.
    if let Some(mut input) = child.stdin.take() {
        input.write_all(options(wish).as_bytes()).map_err(failed)?;
    }
    let recorded = accept(&listener).and_then(|mut stream| {
        let bytes = read_request(&mut stream)?;
        let answer = b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n";
        stream.write_all(answer).map_err(failed)?;
        Ok(bytes)
    });
    if recorded.is_err() {
        let _ = child.kill();
    }
    let output = child.wait_with_output().map_err(failed)?;
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    parse(&recorded.map_err(|error| format!("{error}; curl said: {said}"))?)
}

fn command(wish: &Wish<'_>, url: &str) -> Command {
    let mut curl = Command::new("curl");
    curl.args(["--silent", "--show-error", "--noproxy", "*", "--max-time", "20", "--path-as-is"]);
    curl.args(["--config", "-", "--request", wish.method]);
    if !wish.body.is_empty() {
        curl.args(["--data-binary", wish.body, "--header", "Content-Type: text/plain"]);
    }
    curl.arg(url).stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::piped());
    curl
}

fn options(wish: &Wish<'_>) -> String {
    if wish.key.is_empty() {
        return String::new();
    }
    // curl does not send this header by itself, and S3 demands it.
    format!(
        "aws-sigv4 = \"aws:amz:{}:s3\"\nuser = \"{}:{}\"\nheader = \"x-amz-content-sha256: {}\"\n",
        wish.region,
        wish.key,
        wish.secret,
        harness::sign::sha256_hex(wish.body.as_bytes())
    )
}

fn accept(listener: &TcpListener) -> Result<TcpStream, String> {
    let deadline = Instant::now() + PATIENCE;
    loop {
        match listener.accept() {
            Ok((stream, _)) => {
                let blocking = stream.set_nonblocking(false);
                blocking.and_then(|()| stream.set_read_timeout(Some(PATIENCE))).map_err(|e| e.to_string())?;
                return Ok(stream);
            }
            Err(error) if error.kind() == std::io::ErrorKind::WouldBlock && Instant::now() < deadline => {
                std::thread::sleep(Duration::from_millis(5));
            }
            Err(error) => return Err(format!("curl does not connect: {error}")),
        }
    }
}

/// Reads the head, and as much of a body as it announces.
fn read_request(stream: &mut impl Read) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        if let Some(end) = head_end(&bytes)
            && bytes.len() >= end + content_length(bytes.get(..end).unwrap_or_default())
        {
            return Ok(bytes);
        }
        match stream.read(&mut buffer) {
            Ok(0) => return Err("the connection ended within the request".to_owned()),
            Ok(count) => bytes.extend_from_slice(buffer.get(..count).unwrap_or_default()),
            Err(error) => return Err(error.to_string()),
        }
    }
}

fn head_end(bytes: &[u8]) -> Option<usize> {
    bytes.windows(4).position(|window| window == b"\r\n\r\n").map(|at| at + 4)
}

fn content_length(head: &[u8]) -> usize {
    let head = String::from_utf8_lossy(head).to_ascii_lowercase();
    let value = head.lines().find_map(|line| line.strip_prefix("content-length:"));
    value.and_then(|value| value.trim().parse().ok()).unwrap_or(0)
}

fn parse(bytes: &[u8]) -> Result<Http, String> {
    let wrong = || "curl sent no HTTP request".to_owned();
    let end = head_end(bytes).ok_or_else(wrong)?;
    let head = String::from_utf8_lossy(bytes.get(..end).unwrap_or_default()).into_owned();
    let mut lines = head.split("\r\n");
    let mut first = lines.next().unwrap_or_default().split(' ');
    let (Some(method), Some(target)) = (first.next(), first.next()) else { return Err(wrong()) };
    let headers = lines.filter_map(|line| line.split_once(':'));
    Ok(Http {
        method: method.as_bytes().to_vec(),
        target: target.as_bytes().to_vec(),
        headers: headers
            .map(|(name, value)| (name.as_bytes().to_vec(), value.trim().as_bytes().to_vec()))
            .collect(),
        body: bytes.get(end..).filter(|body| !body.is_empty()).map(<[u8]>::to_vec),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_read_to_the_end_of_its_body() {
        let mut wire: &[u8] = b"PUT /b/k?x HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\nX:  a \r\n\r\nabcd";
        let http = parse(&read_request(&mut wire).unwrap()).unwrap();
        assert_eq!((http.method, http.target), (b"PUT".to_vec(), b"/b/k?x".to_vec()));
        assert_eq!(http.headers[2], (b"X".to_vec(), b"a".to_vec()));
        assert!(http.body.unwrap().starts_with(b"abc"));
        let mut cut: &[u8] = b"GET / HTTP/1.1\r\nHost: h";
        assert!(read_request(&mut cut).unwrap_err().contains("ended"));
    }
}
