//! What the runner costs beside the endpoint: wall time against the ideal, processor time a request, memory.
//!
//! `cargo bench --bench run` runs the program itself, on this machine's loopback: 500 scenarios against an endpoint that
//! answers in 20 ms, 1,940 requests with validation against the reference supplier, and the whole suite of GP Connect against
//! its own. Linux only, whose `/proc` tells processor time and memory.

#![expect(clippy::expect_used, reason = "a benchmark that cannot be set up has nothing else to say")]
#![expect(clippy::print_stdout, reason = "its figures")]

use std::fmt::Write as _;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// How long the endpoint takes to answer.
const LATENCY: Duration = Duration::from_millis(20);
/// How many scenarios run side by side.
const JOBS: u32 = 8;
/// How many scenarios of one request each the first suite has.
const SCENARIOS: u32 = 500;
/// How many requests Inferno sends for US Core 6.1.0.
const REQUESTS: u32 = 1940;

const PROGRAM: &str = env!("CARGO_BIN_EXE_proofmark");

fn main() {
    let folder = tempfile::tempdir().expect("a folder for the runs");
    overhead(folder.path());
    workload(folder.path());
    gp_connect(folder.path());
}

/// A suite whose scenarios ask one thing each, of an endpoint that answers after a while.
fn overhead(folder: &Path) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("http://{}/fhir", listener.local_addr().expect("its address"));
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            std::thread::spawn(move || serve(stream));
        }
    });
    let mut scenarios = String::new();
    for number in 0..SCENARIOS {
        let _ = write!(
            scenarios,
            "- scenario: read-{number}\n  title: A patient is read\n  verifies: [T-1]\n  steps:\n    - read: Patient/{number}\n      \
             expect: {{ status: 200, contentType: application/fhir+json, header: {{ ETag: present }}, resource: Patient }}\n"
        );
    }
    standard(folder, "overhead", "", &scenarios);
    let ideal = LATENCY * SCENARIOS / JOBS;
    for round in 0..3 {
        let out = folder.join(format!("overhead-{round}"));
        let ran = run(folder, "overhead", &url, &out);
        println!(
            "overhead: {SCENARIOS} scenarios in {:?}, {:.2} x the ideal of {ideal:?}; {:.2} ms of processor a request; {} MB",
            ran.wall,
            ran.wall.as_secs_f64() / ideal.as_secs_f64(),
            ran.processor.as_secs_f64() * 1000.0 / f64::from(SCENARIOS),
            ran.peak >> 10
        );
    }
}

/// As many requests as the field's largest suite sends, each answer validated against its profile.
fn workload(folder: &Path) {
    let project = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut rows = Vec::new();
    let fixtures = std::fs::read_dir(project.join("fixtures/careconnect")).expect("the fixtures");
    for file in fixtures.flatten().filter(|file| file.path().extension().is_some_and(|it| it == "json")) {
        let text = std::fs::read_to_string(file.path()).expect("a fixture");
        let record: serde_json::Value = serde_json::from_str(&text).expect("it is JSON");
        if let (Some(kind), Some(id), Some(profile)) =
            (record["resourceType"].as_str(), record["id"].as_str(), record["meta"]["profile"][0].as_str())
        {
            rows.push((kind.to_owned(), id.to_owned(), profile.to_owned()));
        }
    }
    rows.sort();
    let mut scenarios = String::new();
    for number in 0..REQUESTS as usize {
        let (kind, id, profile) = &rows[number % rows.len()];
        let format = if number / rows.len() % 2 == 0 { "json" } else { "xml" };
        let _ = write!(
            scenarios,
            "- scenario: read-{number}\n  title: A record is read\n  verifies: [T-1]\n  steps:\n    - read: {kind}/{id}\n      \
             headers: {{ Accept: application/fhir+{format} }}\n      expect: {{ status: 200, resource: {kind}, conformsTo: {profile} }}\n"
        );
    }
    standard(folder, "workload", "packages: [\"./package\"]\n", &scenarios);
    let package = folder.join("standards/workload/1.0.0/package");
    std::fs::create_dir_all(&package).expect("a folder");
    let files = std::fs::read_dir(project.join("profiles/careconnect/1.3.0/package")).expect("the package");
    for file in files.flatten() {
        std::fs::copy(file.path(), package.join(file.file_name())).expect("a copy");
    }
    let (mut supplier, url) = supplier("careconnect");
    for round in 0..3 {
        let out = folder.join(format!("workload-{round}"));
        let ran = run(folder, "workload", &url, &out);
        println!(
            "workload: {REQUESTS} requests with validation in {:?}; {:.2} ms of processor a request; {} MB",
            ran.wall,
            ran.processor.as_secs_f64() * 1000.0 / f64::from(REQUESTS),
            ran.peak >> 10
        );
    }
    let _ = supplier.kill();
    let _ = supplier.wait();
}

/// Every case of GP Connect. Whoever a run registers is known from then on, so that each run has a supplier of its own.
fn gp_connect(folder: &Path) {
    for round in 0..3 {
        let (mut supplier, url) = supplier("gpconnect");
        let ran = run(folder, "gpconnect", &url, &folder.join(format!("gpconnect-{round}")));
        println!(
            "gpconnect: every case in {:?}; {:?} of processor; {} MB",
            ran.wall,
            ran.processor,
            ran.peak >> 10
        );
        let _ = supplier.kill();
        let _ = supplier.wait();
    }
}

fn supplier(standard: &str) -> (Child, String) {
    let mut child = Command::new(PROGRAM)
        .args(["supplier", "--port", "0", "--standard", standard])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("the reference supplier");
    let mut line = String::new();
    BufReader::new(child.stdout.take().expect("its output")).read_line(&mut line).expect("its first line");
    let url = line.trim().strip_prefix("listening on ").expect("its address").to_owned();
    (child, url)
}

fn standard(folder: &Path, id: &str, more: &str, scenarios: &str) {
    let standard = folder.join(format!("standards/{id}/1.0.0"));
    std::fs::create_dir_all(standard.join("scenarios")).expect("a folder");
    let manifest = format!(
        "id: {id}\ntitle: {id}\nversion: 1.0.0\npublisher: none\nfhirVersion: 3.0.2\nlifecycle: {{ status: draft, label: draft }}\n\
         roles: [server]\nareas: {{ all: All }}\n{more}"
    );
    let requirement = "- id: T-1\n  level: SHALL\n  role: server\n  area: all\n  text: It answers.\n  clause: { page: none }\n  \
                       maturity: draft\n";
    for (name, text) in [
        ("standard.yaml", manifest.as_str()),
        ("requirements.yaml", requirement),
        ("scenarios/all.yaml", scenarios),
    ] {
        std::fs::write(standard.join(name), text).expect("a file");
    }
}

/// What a run cost.
struct Ran {
    wall: Duration,
    processor: Duration,
    /// In kilobytes.
    peak: u64,
}

fn run(folder: &Path, standard: &str, url: &str, out: &Path) -> Ran {
    let before = processor_of_children();
    let started = Instant::now();
    let mut child = Command::new(PROGRAM)
        .args(["run", "--no-progress", "--quiet", "--jobs", &JOBS.to_string(), "--standard", standard])
        .args(["--endpoint", url, "--profiles"])
        .arg(folder.join("standards"))
        .arg("--out")
        .arg(out)
        .env("HOME", folder)
        .current_dir(folder)
        .stdout(Stdio::null())
        .spawn()
        .expect("the program");
    let mut peak = 0;
    let status = loop {
        peak = peak.max(peak_of(child.id()));
        if let Some(status) = child.try_wait().expect("the child's state") {
            break status;
        }
        std::thread::sleep(Duration::from_millis(2));
    };
    assert!(status.success(), "{standard}: {status}");
    Ran { wall: started.elapsed(), processor: processor_of_children().saturating_sub(before), peak }
}

/// Processor time of all children that have ended: fields 16 and 17 of `/proc/self/stat`, in hundredths of a second.
fn processor_of_children() -> Duration {
    let text = std::fs::read_to_string("/proc/self/stat").expect("Linux");
    let fields: Vec<&str> = text.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    let ticks: u64 = [13, 14].iter().filter_map(|at| fields.get(*at)?.parse::<u64>().ok()).sum();
    Duration::from_millis(ticks * 10)
}

fn peak_of(process: u32) -> u64 {
    let text = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.trim().split(' ').next()?.parse().ok()).unwrap_or(0)
}

/// Answers each request of a connection after a while.
fn serve(mut stream: TcpStream) {
    let body = r#"{"resourceType":"Patient","id":"1","active":true}"#;
    let response = format!(
        "HTTP/1.1 200 OK\r\nContent-Type: application/fhir+json\r\nETag: W/\"1\"\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    let _ = stream.set_nodelay(true);
    let mut buffer = [0; 4096];
    let mut head = Vec::new();
    loop {
        match stream.read(&mut buffer) {
            Ok(read) if read > 0 => head.extend_from_slice(&buffer[..read]),
            _ => return,
        }
        if head.ends_with(b"\r\n\r\n") {
            head.clear();
            std::thread::sleep(LATENCY);
            if stream.write_all(response.as_bytes()).is_err() {
                return;
            }
        }
    }
}
