//! A socket between the command and a program, for what happens between two requests.

use std::io::{BufRead, BufReader, Read, Write};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::thread;

use tenterhook_tests::http::{Client, PATIENCE};

/// Passes requests on, one connection each. Before each one, `before` is told its number, from 0.
pub fn relay(socket: PathBuf, program: &Path, before: impl Fn(usize) + Send + 'static) {
    let listener = UnixListener::bind(socket).unwrap();
    let program = Client::new(program);
    // Ends with the test's process; nobody waits for it.
    thread::spawn(move || {
        for (number, stream) in listener.incoming().enumerate() {
            before(number);
            pass_on(stream.unwrap(), &program);
        }
    });
}

fn pass_on(mut stream: UnixStream, program: &Client) {
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let mut first = String::new();
    reader.read_line(&mut first).unwrap();
    let mut words = first.split(' ');
    let (method, path) = (words.next().unwrap(), words.next().unwrap());
    let mut length = 0;
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).unwrap();
        match line.trim_end().split_once(": ") {
            Some(("content-length", value)) => length = value.parse().unwrap(),
            Some(_) => {}
            None => break,
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).unwrap();
    let answer = program.ask_raw(method, path, &body).unwrap();
    let head = format!("HTTP/1.1 {} Passed On\r\ncontent-length: {}\r\n\r\n", answer.status, answer.body.len());
    stream.write_all((head + &answer.body).as_bytes()).unwrap();
}
