//! HTTP over a program's control socket.

use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, Result};
use http_body_util::{BodyExt, Full};
use hyper::body::{Bytes, Incoming};
use hyper::client::conn::http1;
use hyper::header::{CONTENT_LENGTH, TRANSFER_ENCODING};
use hyper::{Method, Request, Response};
use hyper_util::rt::TokioIo;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::de::DeserializeOwned;
use serde_json::Value as Json;
use tokio::net::UnixStream;
use tokio::runtime::{Builder, Runtime};
use tokio::time::timeout;

use super::{Refusal, Unreachable};

/// The longest time for a response; loading a large script takes longest.
const PATIENCE: Duration = Duration::from_secs(60);

/// The most bytes of a response: 10,000 attachments' statistics are some 10 MiB.
const MOST: usize = 256 << 20;

/// The most bytes of a line of a stream.
const MOST_LINE: usize = 16 << 20;

/// One program's control socket. Each request has its own connection.
pub struct Client {
    socket: PathBuf,
    runtime: Runtime,
    patience: Duration,
}

impl Client {
    /// A client of the program behind the socket.
    pub fn new(socket: PathBuf) -> Result<Client> {
        let runtime = Builder::new_current_thread().enable_all().build().context("the runtime of the HTTP client")?;
        Ok(Client { socket, runtime, patience: PATIENCE })
    }

    /// Sets the longest time to wait for a response.
    pub fn patience(mut self, patience: Duration) -> Client {
        self.patience = patience;
        self
    }

    /// Sends a `GET` and returns the response.
    pub fn get<T: DeserializeOwned>(&self, path: &str, query: &[(&str, String)]) -> Result<T> {
        self.send(Method::GET, path, query, None)
    }

    /// Sends a request, with a body if there is one.
    pub fn send<T: DeserializeOwned>(
        &self,
        method: Method,
        path: &str,
        query: &[(&str, String)],
        body: Option<&Json>,
    ) -> Result<T> {
        let bytes = self.runtime.block_on(async {
            match timeout(self.patience, self.exchange(method, path, query, body)).await {
                Ok(answer) => answer,
                Err(_) => Err(self.unreachable(format!("no answer within {} s", self.patience.as_secs()))),
            }
        })?;
        serde_json::from_slice(&bytes).with_context(|| format!("unexpected response to {path}"))
    }

    /// Passes each line of a stream to `line` until it returns `false` or the program ends the stream. A followed
    /// stream has no end of its own, so its end is an error, as is a broken connection.
    pub fn stream(
        &self,
        path: &str,
        query: &[(&str, String)],
        followed: bool,
        mut line: impl FnMut(&[u8]) -> Result<bool>,
    ) -> Result<()> {
        self.runtime.block_on(async {
            let response = match timeout(self.patience, self.request(Method::GET, path, query, None)).await {
                Ok(response) => response?,
                Err(_) => return Err(self.unreachable("no answer".to_owned())),
            };
            // Without either header, the stream ends with the connection, for whatever reason.
            let marked = [TRANSFER_ENCODING, CONTENT_LENGTH].iter().any(|name| response.headers().contains_key(name));
            let mut body = self.accepted(response).await?;
            let mut pending = Vec::new();
            while let Some(frame) = body.frame().await {
                let frame = frame.map_err(|error| self.unreachable(format!("the stream broke off: {error}")))?;
                let Ok(data) = frame.into_data() else { continue };
                pending.extend_from_slice(&data);
                while let Some(end) = pending.iter().position(|byte| *byte == b'\n') {
                    let rest = pending.split_off(end + 1);
                    let text = pending.trim_ascii();
                    if !text.is_empty() && !line(text)? {
                        return Ok(());
                    }
                    pending = rest;
                }
                if pending.len() > MOST_LINE {
                    anyhow::bail!("a line of {path} is longer than {MOST_LINE} bytes");
                }
            }
            match () {
                () if followed => Err(self.unreachable("the program has ended the stream".to_owned())),
                () if !marked || !pending.trim_ascii().is_empty() => {
                    Err(self.unreachable("the stream broke off".to_owned()))
                }
                () => Ok(()),
            }
        })
    }

    async fn exchange(
        &self,
        method: Method,
        path: &str,
        query: &[(&str, String)],
        body: Option<&Json>,
    ) -> Result<Bytes> {
        let response = self.request(method, path, query, body).await?;
        let body = self.accepted(response).await?;
        self.read(body).await
    }

    async fn request(
        &self,
        method: Method,
        path: &str,
        query: &[(&str, String)],
        body: Option<&Json>,
    ) -> Result<Response<Incoming>> {
        let stream = UnixStream::connect(&self.socket).await.map_err(|error| self.unreachable(error.to_string()))?;
        let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await.context("the control socket")?;
        // The task runs beside the request and ends with the connection; the request reports errors too.
        tokio::spawn(connection);
        let body = body.map(serde_json::to_vec).transpose()?;
        let mut request = Request::builder().method(method).uri(target(path, query)).header("host", "tenterhook");
        if body.is_some() {
            request = request.header("content-type", "application/json");
        }
        let request = request.body(Full::new(Bytes::from(body.unwrap_or_default())))?;
        sender.send_request(request).await.map_err(|error| self.unreachable(error.to_string()))
    }

    /// The body of a successful response.
    async fn accepted(&self, response: Response<Incoming>) -> Result<Incoming> {
        let status = response.status();
        if status.is_success() {
            return Ok(response.into_body());
        }
        let bytes = self.read(response.into_body()).await?;
        Err(Refusal::new(status.as_u16(), &bytes).into())
    }

    async fn read(&self, body: Incoming) -> Result<Bytes> {
        let limited = http_body_util::Limited::new(body, MOST).collect().await;
        limited.map(|collected| collected.to_bytes()).map_err(|error| self.unreachable(error.to_string()))
    }

    fn unreachable(&self, reason: String) -> anyhow::Error {
        Unreachable { socket: self.socket.clone(), reason }.into()
    }
}

/// Path and query in wire format; names in the path are encoded already.
fn target(path: &str, query: &[(&str, String)]) -> String {
    let mut target = path.to_owned();
    for (number, (name, value)) in query.iter().enumerate() {
        target.push(if number == 0 { '?' } else { '&' });
        target.push_str(name);
        target.push('=');
        target.extend(utf8_percent_encode(value, NON_ALPHANUMERIC));
    }
    target
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};
    use std::os::unix::net::UnixListener;
    use std::thread;

    use serde_json::json;

    use super::*;

    /// A program that sends one response to one request; returns the request.
    fn answering(answer: &'static str, ask: impl FnOnce(&Client)) -> String {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("s");
        let listener = UnixListener::bind(&path).expect("a socket");
        let program = thread::spawn(move || {
            let (mut stream, _) = listener.accept().expect("a connection");
            let mut request = Vec::new();
            let mut buffer = [0; 4096];
            loop {
                let count = stream.read(&mut buffer).expect("a request");
                request.extend_from_slice(&buffer[..count]);
                let text = String::from_utf8_lossy(&request).into_owned();
                let whole = text.split_once("\r\n\r\n").is_some_and(|(head, body)| {
                    let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
                    body.len() >= length.and_then(|length| length.parse().ok()).unwrap_or(0)
                });
                if whole || count == 0 {
                    break;
                }
            }
            stream.write_all(answer.as_bytes()).expect("an answer");
            String::from_utf8(request).expect("text")
        });
        ask(&Client::new(path).expect("a client"));
        program.join().expect("the program")
    }

    #[test]
    fn a_request_names_what_it_wants() {
        let request = answering("HTTP/1.1 200 OK\r\ncontent-length: 12\r\n\r\n{\"answer\":1}", |client| {
            let query = [("tenant", "a b/ü".to_owned()), ("revision", "7".to_owned())];
            let answer: Json = client.send(Method::PUT, "/v1/x", &query, Some(&json!({ "k": 1 }))).expect("an answer");
            assert_eq!(answer, json!({ "answer": 1 }));
        });
        assert!(request.starts_with("PUT /v1/x?tenant=a%20b%2F%C3%BC&revision=7 HTTP/1.1\r\n"), "{request}");
        assert!(request.ends_with("\r\n\r\n{\"k\":1}"), "{request}");
    }

    #[test]
    fn a_refusal_is_reported_from_an_answer() {
        let answer = "HTTP/1.1 409 Conflict\r\ncontent-length: 66\r\n\r\n\
                      {\"error\":{\"code\":\"stale\",\"message\":\"made against 3\",\"revision\":5}}\n";
        answering(answer, |client| {
            let error = client.get::<Json>("/v1/x", &[]).expect_err("refused");
            let refusal = error.downcast_ref::<Refusal>().expect("a refusal");
            assert_eq!(refusal.to_string(), "made against 3; the current revision is 5");
        });
    }

    #[test]
    fn a_stream_is_read_line_by_line_whatever_its_chunks() {
        let answer = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n\
                      4\r\n{\"a\"\r\n8\r\n:1}\n\n{\"b\r\n5\r\n\":2}\n\r\n0\r\n\r\n";
        let mut lines = Vec::new();
        answering(answer, |client| {
            let mut keep = |line: &[u8]| {
                lines.push(String::from_utf8_lossy(line).into_owned());
                Ok(true)
            };
            client.stream("/v1/events", &[], false, &mut keep).expect("a stream");
        });
        assert_eq!(lines, ["{\"a\":1}", "{\"b\":2}"]);
    }

    #[test]
    fn a_stream_that_ends_before_it_should_is_reported_from_one_that_is_over() {
        const CHUNKED: &str = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n4\r\n{ }\n\r\n";
        const WHOLE: &str = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n4\r\n{ }\n\r\n0\r\n\r\n";
        const TORN: &str = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\n{ }\n{\r\n0\r\n\r\n";
        const UNMARKED: &str = "HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n{ }\n";
        for (answer, followed, enough, reason) in [
            (WHOLE, false, false, None),
            (WHOLE, true, true, None),
            (CHUNKED, true, true, None),
            (WHOLE, true, false, Some("the program has ended the stream")),
            (UNMARKED, true, false, Some("the program has ended the stream")),
            (UNMARKED, false, false, Some("the stream broke off")),
            (TORN, false, false, Some("the stream broke off")),
            (CHUNKED, false, false, Some("the stream broke off")),
            (CHUNKED, true, false, Some("the stream broke off")),
        ] {
            let mut lines = 0;
            answering(answer, |client| {
                let ended = client.stream("/v1/events", &[], followed, |_| {
                    lines += 1;
                    Ok(!enough)
                });
                let reported = ended.map_err(|error| error.downcast_ref::<Unreachable>().map(ToString::to_string));
                match reason {
                    None => assert_eq!(reported, Ok(()), "{answer}"),
                    Some(reason) => {
                        let error = reported.expect_err("cut off").expect("that the program is not there");
                        assert!(error.contains(reason), "{answer}: {error}");
                    }
                }
            });
            assert_eq!(lines, 1);
        }
    }

    #[test]
    fn nobody_there_is_said_with_the_socket() {
        let client = Client::new("no/such/socket".into()).expect("a client");
        let error = client.get::<Json>("/v1/version", &[]).expect_err("nobody there");
        assert!(error.downcast_ref::<Unreachable>().is_some());
        assert!(error.to_string().starts_with("no/such/socket: "), "{error}");
    }
}
