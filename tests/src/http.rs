//! A client for HTTP over a Unix socket: as little as the tests need, one connection per request.

use std::io::{BufRead, BufReader, Write};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde_json::Value as Json;

/// How long a test waits for an answer before it fails.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// What a server answered.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The head, in lower case.
    pub head: String,
    /// The body.
    pub body: String,
}

impl Answer {
    /// The body as JSON.
    pub fn json(&self) -> Json {
        serde_json::from_str(&self.body).unwrap_or_else(|e| panic!("{e}: {self:?}"))
    }

    /// The body as JSON, of an answer that is a success.
    #[track_caller]
    pub fn ok(&self) -> Json {
        assert!((200..300).contains(&self.status), "{self:?}");
        self.json()
    }

    /// Status and code of an answer that is none.
    #[track_caller]
    pub fn refused(&self) -> (u16, String) {
        assert!(self.status >= 400, "{self:?}");
        (self.status, self.json()["error"]["code"].as_str().unwrap_or_default().to_owned())
    }
}

/// A socket to ask.
#[derive(Debug, Clone)]
pub struct Client {
    socket: PathBuf,
}

impl Client {
    /// A client of the server on that socket.
    pub fn new(socket: impl AsRef<Path>) -> Client {
        Client { socket: socket.as_ref().to_owned() }
    }

    /// A connection.
    pub fn connect(&self) -> std::io::Result<UnixStream> {
        let stream = UnixStream::connect(&self.socket)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        stream.set_write_timeout(Some(PATIENCE))?;
        Ok(stream)
    }

    /// One request.
    pub fn ask(&self, method: &str, path: &str, body: Option<&Json>) -> Answer {
        let body = body.map(Json::to_string).unwrap_or_default();
        self.ask_raw(method, path, body.as_bytes()).unwrap()
    }

    /// One request, whatever its body is.
    pub fn ask_raw(&self, method: &str, path: &str, body: &[u8]) -> std::io::Result<Answer> {
        let mut stream = self.connect()?;
        let head = format!(
            "{method} {path} HTTP/1.1\r\nhost: tenterhook\r\nconnection: close\r\ncontent-length: {}\r\n\r\n",
            body.len()
        );
        stream.write_all(head.as_bytes())?;
        // A server that has heard enough of a body closes; its answer is there all the same.
        let _ = stream.write_all(body);
        read(&mut BufReader::new(stream))
    }

    /// A `GET`.
    pub fn get(&self, path: &str) -> Answer {
        self.ask("GET", path, None)
    }

    /// A `POST`.
    pub fn post(&self, path: &str, body: &Json) -> Answer {
        self.ask("POST", path, Some(body))
    }

    /// A stream of lines.
    pub fn lines(&self, path: &str) -> Lines {
        let mut stream = self.connect().unwrap();
        let head = format!("GET {path} HTTP/1.1\r\nhost: tenterhook\r\n\r\n");
        stream.write_all(head.as_bytes()).unwrap();
        let mut reader = BufReader::new(stream);
        let head = read_head(&mut reader).unwrap();
        assert!(head.starts_with("http/1.1 200"), "{head}");
        Lines { reader, rest: String::new() }
    }
}

/// Lines of a stream that does not end.
#[derive(Debug)]
pub struct Lines {
    reader: BufReader<UnixStream>,
    rest: String,
}

impl Iterator for Lines {
    type Item = Json;

    fn next(&mut self) -> Option<Json> {
        loop {
            if let Some((line, rest)) = self.rest.split_once('\n') {
                let json = serde_json::from_str(line).unwrap_or_else(|e| panic!("{e}: {line:?}"));
                self.rest = rest.to_owned();
                return Some(json);
            }
            let chunk = read_chunk(&mut self.reader).unwrap()?;
            self.rest.push_str(std::str::from_utf8(&chunk).unwrap());
        }
    }
}

fn read_head(reader: &mut impl BufRead) -> std::io::Result<String> {
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        if reader.read_line(&mut head)? == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
    }
    Ok(head.to_lowercase())
}

/// `None` after the last one.
fn read_chunk(reader: &mut impl BufRead) -> std::io::Result<Option<Vec<u8>>> {
    let mut size = String::new();
    reader.read_line(&mut size)?;
    let size = usize::from_str_radix(size.trim(), 16).map_err(std::io::Error::other)?;
    let mut chunk = vec![0; size + 2];
    reader.read_exact(&mut chunk)?;
    chunk.truncate(size);
    Ok(Some(chunk).filter(|chunk| !chunk.is_empty()))
}

/// Reads one answer.
pub fn read(reader: &mut impl BufRead) -> std::io::Result<Answer> {
    let head = read_head(reader)?;
    let status =
        head.split(' ').nth(1).and_then(|status| status.parse().ok()).ok_or(std::io::ErrorKind::InvalidData)?;
    let mut body = Vec::new();
    if head.contains("transfer-encoding: chunked") {
        while let Some(chunk) = read_chunk(reader)? {
            body.extend(chunk);
        }
    } else {
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")?.parse().ok());
        body = vec![0; length.unwrap_or(0)];
        reader.read_exact(&mut body)?;
    }
    let body = String::from_utf8(body).map_err(std::io::Error::other)?;
    Ok(Answer { status, head, body })
}
