//! Endpoints that mean harm by HTTP/2: each ends the run in order and in time, with an outcome and its cause in words.

use std::io;

use crate::http2_server::{
    Connection, DATA, END_STREAM, GOAWAY, JSON, PATIENT, PING, SETTINGS, evidence, run,
};

const INTERNAL_ERROR: u32 = 2;
const REFUSED_STREAM: u32 = 7;

/// Whatever is asked is answered by `answer`; the request fails, for the reason given. `code` is that of the run.
#[track_caller]
fn fails(
    answer: impl Fn(&mut Connection<'_>, u32) -> io::Result<()> + Send + Sync + 'static,
    code: i32,
    kind: &str,
    words: &str,
) {
    let (ended, workspace, _server) = run(1, move |stream| {
        let mut connection = Connection::open(stream)?;
        loop {
            let request = connection.request()?;
            answer(&mut connection, request)?;
        }
    });
    assert_eq!(ended.code, code, "{}{}", ended.stdout, ended.stderr);
    let one = &evidence(&workspace)[0];
    assert_eq!(one["failure"]["kind"], kind, "{one}");
    let message = one["failure"]["message"].as_str().unwrap();
    assert!(message.contains(words), "{message}");
}

#[test]
fn a_body_without_an_end() {
    fails(
        |connection, request| {
            connection.head(request, &[JSON])?;
            connection.send_for_ever(request)
        },
        3,
        "body-too-large",
        "the body is larger than 1 MB and was not read to the end",
    );
}

#[test]
fn heads_that_are_too_large() {
    for (count, words) in
        [(101, "more than 100 headers"), (20_000, "larger than 400 kB"), (200_000, "larger than 400 kB")]
    {
        fails(
            move |connection, request| {
                let names: Vec<String> = (0..count).map(|number| format!("x-{number}")).collect();
                let headers: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), "y")).collect();
                connection.head(request, &headers)?;
                connection.send(DATA, END_STREAM, request, b"{}")
            },
            3,
            "protocol",
            words,
        );
    }
}

#[test]
fn requests_that_are_broken_off() {
    fails(
        |connection, request| connection.reset(request, INTERNAL_ERROR),
        3,
        "protocol",
        "the server broke the answer off (RST_STREAM INTERNAL_ERROR)",
    );
    fails(
        |connection, request| {
            connection.head(request, &[JSON])?;
            connection.send(DATA, 0, request, b"{")?;
            connection.reset(request, INTERNAL_ERROR)
        },
        3,
        "protocol",
        "the server broke the answer off (RST_STREAM INTERNAL_ERROR)",
    );
    fails(
        |connection, request| {
            connection.go_away(0, INTERNAL_ERROR).and_then(|()| connection.reset(request, 0))
        },
        3,
        "protocol",
        "the server gave the connection up (GOAWAY INTERNAL_ERROR)",
    );
    fails(
        |connection, _| {
            connection.go_away(1, INTERNAL_ERROR)?;
            Err(io::ErrorKind::ConnectionAborted.into())
        },
        3,
        "protocol",
        "the connection was closed before the answer was complete",
    );
    // It may be sent again, and is, but not for ever.
    fails(
        |connection, request| connection.reset(request, REFUSED_STREAM),
        3,
        "not-processed",
        "the server did not begin on the request (RST_STREAM REFUSED_STREAM)",
    );
}

#[test]
fn bodies_that_are_not_as_long_as_they_say() {
    for length in ["20", "2000"] {
        fails(
            move |connection, request| {
                connection.head(request, &[JSON, ("content-length", length)])?;
                connection.send(DATA, END_STREAM, request, PATIENT.as_bytes())
            },
            1,
            "unreadable",
            "the body is not of the length that its Content-Length says",
        );
    }
    // Broken off as if nothing were wrong.
    fails(
        |connection, request| {
            connection.head(request, &[JSON, ("content-length", "2000")])?;
            connection.send(DATA, 0, request, PATIENT.as_bytes())?;
            connection.reset(request, 0)
        },
        1,
        "unreadable",
        "the body is shorter than its Content-Length",
    );
}

#[test]
fn a_header_of_the_connection() {
    fails(
        |connection, request| {
            connection.head(request, &[JSON, ("connection", "close")])?;
            connection.send(DATA, END_STREAM, request, PATIENT.as_bytes())
        },
        3,
        "protocol",
        "with a header of the connection, such as Connection or Transfer-Encoding",
    );
}

#[test]
fn what_is_not_http2() {
    fails(
        |connection, _| connection.send(GOAWAY, 0, 1, b"no"),
        3,
        "protocol",
        "what comes is not as HTTP/2 has it",
    );
}

#[test]
fn floods_of_frames_that_mean_nothing() {
    for (kind, payload) in [(PING, &[0; 8][..]), (SETTINGS, &[])] {
        fails(
            move |connection, _| {
                loop {
                    connection.send(kind, 0, 0, payload)?;
                }
            },
            3,
            "timeout",
            "no complete answer within 1 s",
        );
    }
    fails(
        |connection, request| {
            connection.head(request, &[JSON])?;
            loop {
                connection.send(DATA, 0, request, &[])?;
            }
        },
        3,
        "protocol",
        "frames with nothing in them",
    );
}
