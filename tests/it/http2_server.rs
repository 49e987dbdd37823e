//! A server that speaks HTTP/2, frame by frame, so that it can do so wrongly (RFC 9113; RFC 7541 for headers).

use std::io::{self, Read as _, Write as _};
use std::net::Shutdown;

use crate::tiny;
use crate::tls_server::{Authority, Clients, Ends, TlsServer, TlsStream};
use crate::workspace::{Ended, Workspace};

pub(crate) const DATA: u8 = 0;
const HEADERS: u8 = 1;
pub(crate) const RST_STREAM: u8 = 3;
pub(crate) const SETTINGS: u8 = 4;
pub(crate) const PING: u8 = 6;
pub(crate) const GOAWAY: u8 = 7;
const WINDOW_UPDATE: u8 = 8;
const CONTINUATION: u8 = 9;

pub(crate) const END_STREAM: u8 = 1;
const ACK: u8 = 1;
const END_HEADERS: u8 = 4;

/// The largest frame that may be sent unasked.
const LARGEST: usize = 16_384;

pub(crate) const PATIENT: &str = "{\"resourceType\":\"Patient\",\"id\":\"p\"}";
pub(crate) const JSON: (&str, &str) = ("content-type", "application/fhir+json");

/// A connection to a client.
pub(crate) struct Connection<'s> {
    stream: &'s mut TlsStream,
    /// How much of a body the client takes before it has read any.
    window: u32,
}

impl<'s> Connection<'s> {
    /// Reads how a client begins, and answers it.
    pub(crate) fn open(stream: &'s mut TlsStream) -> io::Result<Self> {
        let mut preface = [0; 24];
        stream.read_exact(&mut preface)?;
        assert_eq!(&preface, b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
        let mut connection = Self { stream, window: 65_535 };
        connection.send(SETTINGS, 0, 0, &[])?;
        Ok(connection)
    }

    /// The stream of the next request; an error when the client is gone.
    pub(crate) fn request(&mut self) -> io::Result<u32> {
        loop {
            if let (HEADERS, stream, _) = self.receive()? {
                return Ok(stream);
            }
        }
    }

    /// The kind of the next frame, its stream and what it holds.
    fn receive(&mut self) -> io::Result<(u8, u32, Vec<u8>)> {
        let mut head = [0; 9];
        self.stream.read_exact(&mut head)?;
        let [a, b, c, kind, flags, stream @ ..] = head;
        let mut payload = vec![0; u32::from_be_bytes([0, a, b, c]) as usize];
        self.stream.read_exact(&mut payload)?;
        if kind == SETTINGS && flags & ACK == 0 {
            let mut settings = payload.as_chunks::<6>().0.iter();
            if let Some([.., a, b, c, d]) = settings.find(|setting| setting.starts_with(&[0, 4])) {
                self.window = u32::from_be_bytes([*a, *b, *c, *d]);
            }
            self.send(SETTINGS, ACK, 0, &[])?;
        }
        Ok((kind, u32::from_be_bytes(stream), payload))
    }

    /// Sends a body without an end, as fast as the client takes it.
    pub(crate) fn send_for_ever(&mut self, request: u32) -> io::Result<()> {
        let piece = vec![b' '; 8 << 10];
        let mut room = self.window as usize;
        loop {
            while room < piece.len() {
                if let (WINDOW_UPDATE, stream, more) = self.receive()?
                    && stream == request
                {
                    room += u32::from_be_bytes(more.try_into().unwrap()) as usize;
                }
            }
            self.send(DATA, 0, request, &piece)?;
            room -= piece.len();
        }
    }

    pub(crate) fn send(&mut self, kind: u8, flags: u8, stream: u32, payload: &[u8]) -> io::Result<()> {
        let [_, length @ ..] = u32::try_from(payload.len()).unwrap().to_be_bytes();
        let frame = [&length[..], &[kind, flags], &stream.to_be_bytes(), payload].concat();
        self.stream.write_all(&frame)?;
        self.stream.flush()
    }

    /// Sends the head of an answer with status 200.
    pub(crate) fn head(&mut self, stream: u32, headers: &[(&str, &str)]) -> io::Result<()> {
        let short = |text: &str| u8::try_from(text.len()).ok().filter(|length| *length < 127).unwrap();
        // 200 is number 8 of the static table; all else is written out.
        let mut block = vec![0x88];
        for (name, value) in headers {
            block.extend([&[0, short(name)], name.as_bytes(), &[short(value)], value.as_bytes()].concat());
        }
        let mut rest = block.chunks(LARGEST).peekable();
        let mut kind = HEADERS;
        while let Some(part) = rest.next() {
            let flags = if rest.peek().is_none() { END_HEADERS } else { 0 };
            self.send(kind, flags, stream, part)?;
            kind = CONTINUATION;
        }
        Ok(())
    }

    /// Answers a request with a patient.
    pub(crate) fn answer(&mut self, stream: u32) -> io::Result<()> {
        self.head(stream, &[JSON])?;
        self.send(DATA, END_STREAM, stream, PATIENT.as_bytes())
    }

    /// Sends `RST_STREAM`.
    pub(crate) fn reset(&mut self, stream: u32, reason: u32) -> io::Result<()> {
        self.send(RST_STREAM, 0, stream, &reason.to_be_bytes())
    }

    /// Sends `GOAWAY`.
    pub(crate) fn go_away(&mut self, last: u32, reason: u32) -> io::Result<()> {
        self.send(GOAWAY, 0, 0, &[last.to_be_bytes(), reason.to_be_bytes()].concat())
    }
}

/// Runs `reads` reads of a patient against a server whose every connection does as `speak` does, and returns where.
pub(crate) fn run(
    reads: usize,
    speak: impl Fn(&mut TlsStream) -> io::Result<()> + Send + Sync + 'static,
) -> (Ended, Workspace, TlsServer) {
    run_let_in(None, reads, speak)
}

/// The same against a server that lets in such clients.
pub(crate) fn run_let_in(
    clients: Option<Clients<'_>>,
    reads: usize,
    speak: impl Fn(&mut TlsStream) -> io::Result<()> + Send + Sync + 'static,
) -> (Ended, Workspace, TlsServer) {
    let authority = Authority::new("Test Authority");
    let protocols = ["h2", "http/1.1"];
    let server =
        TlsServer::speaking(&authority.sign("localhost", Ends::Future), clients, &protocols, move |stream| {
            // An error means that the client has gone, as it may. It reads what was sent before the end only if nothing that
            // it sent is left unread.
            let _ = speak(stream);
            stream.conn.send_close_notify();
            let _ = stream.flush();
            let _ = stream.sock.shutdown(Shutdown::Write);
            let _ = io::copy(&mut stream.sock, &mut io::sink());
        });
    let workspace = Workspace::new();
    workspace.write("ca.pem", &authority.pem());
    workspace.write(
        "proofmark.toml",
        "jobs = 4\n[tls]\nca-file = \"ca.pem\"\n[limits]\ntimeout-seconds = 1.0\nmax-body-megabytes = 1\n",
    );
    let scenarios: String =
        (0..reads).map(|number| tiny::scenario(&format!("read-{number}"), "T-1", "Patient/p", 200)).collect();
    tiny::standard(&workspace, "1.0.0", &tiny::requirement("T-1"), &scenarios);
    let ended =
        workspace.run(&["run", "--standard", "tiny", "--profiles", "more", "--endpoint", &server.url]);
    assert!(workspace.path("proofmark-out/run.json").exists(), "{}", ended.stderr);
    (ended, workspace, server)
}

/// The evidence of every exchange of a run.
pub(crate) fn evidence(workspace: &Workspace) -> Vec<serde_json::Value> {
    let record = workspace.json("proofmark-out/run.json");
    let files = record["exchanges"].as_array().unwrap().iter();
    files.map(|one| workspace.json(&format!("proofmark-out/{}", one["file"].as_str().unwrap()))).collect()
}
