//! Endpoints that misbehave, on loopback: each connection is answered by a function.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

/// A server that runs until it is dropped.
pub(crate) struct Endpoint {
    pub(crate) url: String,
    stop: Arc<AtomicBool>,
    port: u16,
    thread: Option<JoinHandle<()>>,
}

impl Endpoint {
    /// Answers each request by `answer`, given the request line and the stream; closes each connection.
    pub(crate) fn start(answer: impl Fn(&str, &mut TcpStream) + Send + Sync + 'static) -> Self {
        Self::connected(move |stream| {
            if let Some(head) = head(stream) {
                answer(head.lines().next().unwrap_or_default(), stream);
            }
        })
    }

    /// Answers each request by what `answer` makes of it, head and body.
    pub(crate) fn answering(answer: impl Fn(&str, &str) -> String + Send + Sync + 'static) -> Self {
        Self::connected(move |stream| {
            let Some(head) = head(stream) else { return };
            let length = head.lines().find_map(|line| {
                line.to_ascii_lowercase().strip_prefix("content-length:")?.trim().parse::<usize>().ok()
            });
            let mut body = vec![0; length.unwrap_or(0)];
            if stream.read_exact(&mut body).is_ok() {
                let _ = stream.write_all(answer(&head, &String::from_utf8_lossy(&body)).as_bytes());
            }
        })
    }

    /// Does something with each connection, before anything is read; closes it then.
    pub(crate) fn connected(handle: impl Fn(&mut TcpStream) + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let stop = Arc::new(AtomicBool::new(false));
        let (stopped, handle) = (Arc::clone(&stop), Arc::new(handle));
        let thread = std::thread::spawn(move || {
            for stream in listener.incoming() {
                if stopped.load(Ordering::SeqCst) {
                    return;
                }
                let (Ok(mut stream), handle) = (stream, Arc::clone(&handle)) else { continue };
                std::thread::spawn(move || {
                    let _ = stream.set_read_timeout(Some(Duration::from_secs(5)));
                    handle(&mut stream);
                    let _ = stream.flush();
                });
            }
        });
        Self { url: format!("http://127.0.0.1:{port}/fhir"), stop, port, thread: Some(thread) }
    }

    /// The same answer to every request.
    pub(crate) fn always(status: &str, headers: &str, body: &str) -> Self {
        let response = response(status, headers, body);
        Self::start(move |_, stream| {
            let _ = stream.write_all(response.as_bytes());
        })
    }
}

impl Drop for Endpoint {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::SeqCst);
        // Wakes the listener, so that it sees that it is to stop.
        let _ = TcpStream::connect(("127.0.0.1", self.port));
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

pub(crate) fn response(status: &str, headers: &str, body: &str) -> String {
    format!("HTTP/1.1 {status}\r\n{headers}Content-Length: {}\r\nConnection: close\r\n\r\n{body}", body.len())
}

/// Reads the head of a request.
fn head(stream: &mut TcpStream) -> Option<String> {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") && head.len() < 64 * 1024 {
        if stream.read(&mut byte).ok()? == 0 {
            return None;
        }
        head.push(byte[0]);
    }
    Some(String::from_utf8_lossy(&head).into_owned())
}
