//! An endpoint that wants to be authenticated to, with a token endpoint beside it; it remembers what it was sent.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use crate::endpoint::response;

/// A request as it was received.
#[derive(Clone, Debug)]
pub(crate) struct Received {
    pub(crate) line: String,
    /// The head, names of headers as they were sent.
    pub(crate) head: String,
    pub(crate) body: String,
}

impl Received {
    /// The value of a header.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let mut lines = self.head.lines().filter_map(|line| line.split_once(':'));
        lines.find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim())
    }

    /// A field of the form that it holds.
    pub(crate) fn field(&self, name: &str) -> Option<String> {
        let mut pairs = url::form_urlencoded::parse(self.body.as_bytes());
        pairs.find(|(known, _)| known == name).map(|(_, value)| value.into_owned())
    }
}

/// An endpoint that runs until it is dropped.
pub(crate) struct Guarded {
    pub(crate) url: String,
    pub(crate) origin: String,
    received: Arc<Mutex<Vec<Received>>>,
    port: u16,
    stop: Arc<AtomicBool>,
}

impl Guarded {
    /// Answers each request by `answer`, given the request and how many of the same path came before it.
    pub(crate) fn start(answer: impl Fn(&Received, usize) -> String + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let stop = Arc::new(AtomicBool::new(false));
        let received: Arc<Mutex<Vec<Received>>> = Arc::default();
        let (stopped, kept, answer) = (Arc::clone(&stop), Arc::clone(&received), Arc::new(answer));
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                if stopped.load(Ordering::SeqCst) {
                    return;
                }
                let (Ok(mut stream), kept, answer) = (stream, Arc::clone(&kept), Arc::clone(&answer)) else {
                    continue;
                };
                std::thread::spawn(move || {
                    let _ = stream.set_read_timeout(Some(Duration::from_secs(5)));
                    let Some(request) = read(&mut stream) else { return };
                    let before = {
                        let mut kept = kept.lock().unwrap();
                        let before = kept.iter().filter(|known| known.line == request.line).count();
                        kept.push(request.clone());
                        before
                    };
                    let _ = stream.write_all(answer(&request, before).as_bytes());
                });
            }
        });
        let origin = format!("http://127.0.0.1:{port}");
        Self { url: format!("{origin}/fhir"), origin, received, port, stop }
    }

    /// What was received at addresses that begin so, in order.
    pub(crate) fn received(&self, start: &str) -> Vec<Received> {
        let received = self.received.lock().unwrap();
        received.iter().filter(|request| request.line.starts_with(start)).cloned().collect()
    }
}

impl Drop for Guarded {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::SeqCst);
        // Wakes the listener, so that it sees that it is to stop.
        let _ = TcpStream::connect(("127.0.0.1", self.port));
    }
}

/// An answer in JSON.
pub(crate) fn json(status: &str, body: &str) -> String {
    response(status, "Content-Type: application/fhir+json\r\n", body)
}

/// What a FHIR endpoint answers to those it lets in, and to others.
pub(crate) fn fhir(lets_in: bool) -> String {
    if lets_in {
        json("200 OK", "{\"resourceType\":\"CapabilityStatement\"}")
    } else {
        response("401 Unauthorized", "WWW-Authenticate: Bearer\r\n", "")
    }
}

fn read(stream: &mut TcpStream) -> Option<Received> {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") {
        if stream.read(&mut byte).ok()? == 0 {
            return None;
        }
        head.push(byte[0]);
    }
    let head = String::from_utf8(head).ok()?;
    let line = head.lines().next()?.to_owned();
    let mut request = Received { line, head, body: String::new() };
    let length = request.header("content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
    let mut body = vec![0; length];
    stream.read_exact(&mut body).ok()?;
    request.body = String::from_utf8(body).ok()?;
    Some(request)
}
