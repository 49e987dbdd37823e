//! Endpoints that mean harm: each ends the run in order and in time, with an outcome and its cause in words, and none
//! makes it take much memory.

use std::io::Write as _;
use std::net::TcpStream;
use std::time::Duration;

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::Value;

use crate::endpoint::{Endpoint, response};
use crate::workspace::{Ended, Workspace};

const HEAD: &str = "HTTP/1.1 200 OK\r\nContent-Type: application/fhir+json\r\n";

/// 64 MB of zeros, as `node -e` makes them with `zlib.brotliCompressSync(Buffer.alloc(64 << 20))`.
const BROTLI_BOMB: &str = "cbffff3ff82700e2b14020f7fe8fffff7ff04f00c4611180eefd1fffffffe09f0088c30200ddfb3ffeffffc13f011087\
                           0500baf77ffcffff837f02200e0b0074effff8ffff07ff04401c1600e8defff1ffff0ffe0980382c00d0bdffcbffff3f\
                           fc1300715800a07bff07";

/// Runs the suite with short limits, and returns the failure of the first request, if it failed.
fn run(answer: impl Fn(&str, &mut TcpStream) + Send + Sync + 'static) -> (Ended, Value, Workspace) {
    let endpoint = Endpoint::start(answer);
    let workspace = Workspace::new();
    workspace.write("proofmark.toml", "jobs = 16\n[limits]\ntimeout-seconds = 1.0\nmax-body-megabytes = 1\n");
    let ended = workspace.run(&["run", "--standard", "careconnect", "--endpoint", &endpoint.url]);
    assert!(workspace.path("proofmark-out/run.json").exists(), "{}", ended.stderr);
    let evidence = workspace.json("proofmark-out/evidence/capabilities.json");
    (ended, evidence, workspace)
}

/// The endpoint gives no answer that could be judged, and the reason is said.
#[track_caller]
fn fails(answer: impl Fn(&str, &mut TcpStream) + Send + Sync + 'static, kind: &str, words: &str) {
    let (ended, evidence, _workspace) = run(answer);
    assert_eq!(ended.code, 3, "{}", ended.stderr);
    assert_eq!(evidence["failure"]["kind"], kind, "{evidence}");
    let message = evidence["failure"]["message"].as_str().unwrap();
    assert!(message.contains(words), "{message}");
}

fn write(stream: &mut TcpStream, bytes: &[u8]) {
    let _ = stream.write_all(bytes);
}

#[test]
fn a_body_without_an_end() {
    let words = "the body is larger than 1 MB and was not read to the end";
    fails(
        |_, stream| {
            write(stream, format!("{HEAD}Transfer-Encoding: chunked\r\n\r\n").as_bytes());
            let chunk = [b"10000\r\n".as_slice(), &vec![b' '; 0x10000], b"\r\n"].concat();
            while stream.write_all(&chunk).is_ok() {}
        },
        "body-too-large",
        words,
    );
}

#[test]
fn a_body_and_a_head_that_come_byte_by_byte() {
    fails(
        |_, stream| {
            write(stream, format!("{HEAD}Content-Length: 100000\r\n\r\n").as_bytes());
            while stream.write_all(b" ").is_ok() {
                std::thread::sleep(Duration::from_millis(50));
            }
        },
        "timeout",
        "no complete answer within 1 s",
    );
    fails(
        |_, stream| {
            write(stream, HEAD.as_bytes());
            while stream.write_all(b"X").is_ok() {
                std::thread::sleep(Duration::from_millis(50));
            }
        },
        "timeout",
        "no complete answer within 1 s",
    );
}

#[test]
fn bodies_that_are_small_until_they_are_unpacked() {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::best());
    for _ in 0..64 {
        gzip.write_all(&vec![b' '; 1 << 20]).unwrap();
    }
    let bombs = [("gzip", gzip.finish().unwrap()), ("br", hex::decode(BROTLI_BOMB).unwrap())];
    for (encoding, bomb) in bombs {
        assert!(bomb.len() < 100_000);
        let head = format!("{HEAD}Content-Encoding: {encoding}\r\nContent-Length: {}\r\n\r\n", bomb.len());
        let bytes = [head.as_bytes(), &bomb].concat();
        let words = "the body, unpacked, is larger than 1 MB and was not read to the end";
        fails(move |_, stream| write(stream, &bytes), "body-too-large", words);
    }
}

/// The endpoint answers, and nobody can read what: that is the supplier's to mend.
#[track_caller]
fn unreadable(answer: impl Fn(&str, &mut TcpStream) + Send + Sync + 'static, words: &str) {
    let (ended, evidence, workspace) = run(answer);
    assert_eq!(ended.code, 1, "{}", ended.stderr);
    assert_eq!(evidence["failure"]["kind"], "unreadable", "{evidence}");
    let message = evidence["failure"]["message"].as_str().unwrap();
    assert!(message.contains(words), "{message}");
    assert!(workspace.read("proofmark-out/run.json").contains("\"unreadable-answer\""));
}

#[test]
fn a_body_that_is_not_packed_as_it_says() {
    let body = "{\"resourceType\":\"Patient\"}";
    let bytes = response("200 OK", "Content-Encoding: gzip\r\n", body);
    let words = "its Content-Encoding is `gzip`, and the body is not";
    unreadable(move |_, stream| write(stream, bytes.as_bytes()), words);
    let bytes = response("200 OK", "Content-Encoding: zstd\r\n", body);
    let words = "its Content-Encoding `zstd` is not one that was asked for";
    unreadable(move |_, stream| write(stream, bytes.as_bytes()), words);
    let mut gzip = GzEncoder::new(Vec::new(), Compression::best());
    gzip.write_all(body.repeat(50).as_bytes()).unwrap();
    let half = gzip.finish().unwrap()[..30].to_vec();
    let head = format!("{HEAD}Content-Encoding: gzip\r\nContent-Length: {}\r\n\r\n", half.len());
    let bytes = [head.as_bytes(), &half].concat();
    let words = "its Content-Encoding is `gzip`, and the body is not";
    unreadable(move |_, stream| write(stream, &bytes), words);
}

#[test]
fn connections_that_are_closed_too_early() {
    let words = "the connection was closed before the answer was complete";
    fails(|_, stream| drop(stream.shutdown(std::net::Shutdown::Write)), "protocol", words);
    fails(|_, stream| write(stream, b"HTTP/1.1 200"), "protocol", "the answer could not be read");
}

#[test]
fn bodies_that_end_before_their_end() {
    let words = "the body is shorter than its Content-Length";
    unreadable(|_, stream| write(stream, format!("{HEAD}Content-Length: 500\r\n\r\n{{}}").as_bytes()), words);
    unreadable(
        |_, stream| write(stream, format!("{HEAD}Transfer-Encoding: chunked\r\n\r\n5\r\nab").as_bytes()),
        "the answer could not be read",
    );
}

#[test]
fn a_body_that_is_longer_than_it_says() {
    let body = "{\"resourceType\":\"CapabilityStatement\",\"status\":\"active\"}";
    let bytes = format!("{HEAD}Content-Length: 20\r\nConnection: close\r\n\r\n{body}");
    let (ended, evidence, workspace) = run(move |_, stream| write(stream, bytes.as_bytes()));
    assert_eq!(ended.code, 1, "{}", ended.stderr);
    // What is beyond is not read; what is left is no JSON, which is the supplier's to mend.
    assert_eq!(evidence["response"]["body"], "{\"resourceType\":\"Cap");
    assert!(workspace.read("proofmark-out/run.json").contains("not well-formed JSON"));
}

#[test]
fn ten_thousand_headers() {
    let headers: String = (0..10_000).map(|number| format!("X-{number}: y\r\n")).collect();
    let bytes = format!("{HEAD}{headers}Content-Length: 2\r\n\r\n{{}}");
    let words = "its head is too large: more than 100 headers";
    fails(move |_, stream| write(stream, bytes.as_bytes()), "protocol", words);
}

#[test]
fn a_head_without_an_end() {
    fails(
        |_, stream| {
            write(stream, format!("{HEAD}X-Long: ").as_bytes());
            while stream.write_all(&[b'x'; 4096]).is_ok() {}
        },
        "protocol",
        "its head is too large",
    );
}

/// The endpoint answers, and what it answers is judged: the supplier fails, and the record says why.
#[track_caller]
fn judged(body: &[u8], words: &str) {
    let head = format!("{HEAD}Content-Length: {}\r\nConnection: close\r\n\r\n", body.len());
    let bytes = [head.as_bytes(), body].concat();
    let (ended, _, workspace) = run(move |_, stream| write(stream, &bytes));
    assert_eq!(ended.code, 1, "{}", ended.stderr);
    let record = workspace.read("proofmark-out/run.json");
    assert!(record.contains(words), "the record does not say «{words}»");
}

#[test]
fn bodies_that_are_hard_to_read() {
    judged(b"{\"resourceType\":\"Capability\xff\xfe\"}", "UTF-8");
    let deep = ["[".repeat(200_000), "]".repeat(200_000)].concat();
    judged(
        format!("{{\"resourceType\":\"CapabilityStatement\",\"x\":{deep}}}").as_bytes(),
        "not well-formed JSON",
    );
    let number = "9".repeat(100_000);
    let body = format!(
        "{{\"resourceType\":\"CapabilityStatement\",\"status\":\"active\",\"x\":1e{number},\"y\":{number}}}"
    );
    judged(body.as_bytes(), "CapabilityStatement");
}

#[test]
fn markup_and_control_characters_are_inert_in_every_report() {
    let evil = "</script><script>alert(1)</script>\\u001b[2J\\u0000\\u202e]]>&\\\"'=cmd|' /C calc'!A0";
    let body = format!(
        "{{\"resourceType\":\"{evil}\",\"id\":\"{evil}\",\"{evil}\":\"{evil}\",\
         \"issue\":[{{\"diagnostics\":\"{evil}\"}}]}}"
    );
    let bytes =
        response("200 OK", "Content-Type: text/<script>alert(1)</script>\r\nX-Evil: \x1b[2J\r\n", &body);
    let endpoint = Endpoint::start(move |_, stream| write(stream, bytes.as_bytes()));
    let workspace = Workspace::new();
    let ended = workspace.run(&["run", "--standard", "careconnect", "--endpoint", &endpoint.url]);
    let control = |text: &str| text.chars().any(|one| one.is_control() && !matches!(one, '\n' | '\t' | '\r'));
    assert!(!control(&ended.stdout) && !ended.stdout.contains('\u{202e}'), "{}", ended.stdout);
    assert!(!control(&ended.stderr), "{}", ended.stderr);
    let junit = workspace.read("proofmark-out/junit.xml");
    assert!(!control(&junit));
    roxmltree::Document::parse(&junit).unwrap();
    let page = workspace.read("proofmark-out/report.html");
    assert!(!page.contains("<script>alert(1)") && !control(&page));
}

#[test]
fn redirects_and_further_pages_lead_nowhere_else() {
    let elsewhere = std::net::TcpListener::bind("127.0.0.2:0").unwrap();
    elsewhere.set_nonblocking(true).unwrap();
    let other = elsewhere.local_addr().unwrap();
    for place in [
        "http://169.254.169.254/latest/meta-data".to_owned(),
        format!("http://{other}/fhir"),
        "file:///etc/passwd".to_owned(),
    ] {
        let answer = response("302 Found", &format!("Location: {place}\r\n"), "");
        let (ended, _, workspace) = run(move |_, stream| write(stream, answer.as_bytes()));
        assert_eq!(ended.code, 1, "{}", ended.stderr);
        let record = workspace.read("proofmark-out/run.json");
        assert!(record.contains(&format!("a redirect to {place}")), "{place}: {record}");
    }
    let claims = "{\"resourceType\":\"CapabilityStatement\",\"rest\":[{\"mode\":\"server\",\
                  \"resource\":[{\"type\":\"Patient\"},{\"type\":\"Observation\"}]}]}";
    let bundle = format!(
        "{{\"resourceType\":\"Bundle\",\"type\":\"searchset\",\"entry\":[\
         {{\"resource\":{{\"resourceType\":\"Patient\",\"id\":\"p\"}}}},\
         {{\"resource\":{{\"resourceType\":\"Observation\",\"id\":\"o\"}}}}],\
         \"link\":[{{\"relation\":\"next\",\"url\":\"http://{other}/next\"}}]}}"
    );
    let (_, _, workspace) = run(move |line, stream| {
        let body = if line.contains("/metadata") { claims } else { &bundle };
        write(stream, response("200 OK", "Content-Type: application/fhir+json\r\n", body).as_bytes());
    });
    let record = workspace.read("proofmark-out/run.json");
    assert!(record.contains("the next link leads to another host and was not followed"), "{record}");
    assert!(elsewhere.accept().is_err(), "the other host was asked");
}

/// The most memory that the program took at any time, in bytes.
#[cfg(target_os = "linux")]
fn peak_memory(workspace: &Workspace, endpoint: &Endpoint) -> u64 {
    let limits = ["--quiet", "--jobs", "16", "--max-requests", "24"];
    let arguments =
        [&["run", "--standard", "careconnect", "--endpoint", &endpoint.url][..], &limits].concat();
    let mut child = workspace
        .command(&arguments)
        .stdout(std::process::Stdio::null())
        .stderr(std::process::Stdio::null())
        .spawn()
        .unwrap();
    let status = format!("/proc/{}/status", child.id());
    let mut peak = 0;
    while child.try_wait().unwrap().is_none() {
        let text = std::fs::read_to_string(&status).unwrap_or_default();
        let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kilobytes = line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<u64>().ok());
        peak = peak.max(kilobytes.unwrap_or_default() << 10);
        std::thread::sleep(Duration::from_millis(5));
    }
    peak
}

#[cfg(target_os = "linux")]
#[test]
fn a_bomb_does_not_make_it_take_more_than_200_megabytes() {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::best());
    for _ in 0..200 {
        gzip.write_all(&vec![b' '; 1 << 20]).unwrap();
    }
    let gzip = gzip.finish().unwrap();
    let head = format!("{HEAD}Content-Encoding: gzip\r\nContent-Length: {}\r\n\r\n", gzip.len());
    let answer = [head.into_bytes(), gzip].concat();
    let endpoint = Endpoint::start(move |_, stream| write(stream, &answer));
    let peak = peak_memory(&Workspace::new(), &endpoint);
    assert!(peak > 1 << 20, "the memory of the program could not be read");
    assert!(peak < 200 << 20, "{} MB", peak >> 20);
}

#[cfg(target_os = "linux")]
#[test]
fn large_answers_do_not_make_it_take_more_than_200_megabytes() {
    let entry = "{\"resource\":{\"resourceType\":\"Patient\",\"id\":\"1\"}},";
    let entries = entry.repeat((5 << 20) / entry.len());
    let body = format!(
        "{{\"resourceType\":\"Bundle\",\"type\":\"searchset\",\"entry\":[{}]}}",
        entries.trim_end_matches(',')
    );
    let answer = response("200 OK", "Content-Type: application/fhir+json\r\n", &body);
    let endpoint = Endpoint::start(move |_, stream| write(stream, answer.as_bytes()));
    let workspace = Workspace::new();
    let peak = peak_memory(&workspace, &endpoint);
    assert!(workspace.path("proofmark-out/network.har").exists(), "the run did not end as it should");
    assert!(peak < 200 << 20, "{} MB", peak >> 20);
}
