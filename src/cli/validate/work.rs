//! The pieces of work: one resource each, read as late as can be.

use std::sync::Arc;

use super::lines::{Line, Lines, MAX_LINE};
use super::sources::Source;
use crate::fhir::parse;
use crate::report::findings::Judged;
use crate::validate::{Validation, Validator};

/// One resource to judge.
#[derive(Debug)]
pub(super) enum Work {
    /// A file, still to be read.
    File(Source),
    /// A line of an NDJSON file.
    Line(Arc<str>, u32, Vec<u8>),
    /// What cannot be read, and why: a file, or a line and perhaps all after it.
    Unreadable(Arc<str>, Option<u32>, String),
}

/// All the work that sources make: a file is one piece, or where it is NDJSON each of its lines.
pub(super) fn all(sources: Vec<Source>) -> impl Iterator<Item = Work> + Send {
    sources.into_iter().flat_map(|source| {
        if source.is_lines { lines(&source) } else { Box::new(std::iter::once(Work::File(source))) }
    })
}

fn lines(source: &Source) -> Box<dyn Iterator<Item = Work> + Send> {
    let name = source.name.clone();
    match source.reader() {
        Err(error) => Box::new(std::iter::once(Work::Unreadable(
            name,
            None,
            format!("the file cannot be read: {error}"),
        ))),
        Ok(reader) => Box::new(Lines::new(reader).map(move |(number, line)| {
            let unreadable = |why: String| Work::Unreadable(name.clone(), Some(number), why);
            match line {
                Ok(Line::Read(bytes)) => Work::Line(name.clone(), number, bytes),
                Ok(Line::TooLong) => unreadable(format!("the line is longer than {} MB", MAX_LINE >> 20)),
                Err(error) => unreadable(format!("the file cannot be read from here on: {error}")),
            }
        })),
    }
}

/// Judges one resource.
pub(super) fn judge(work: Work, validator: &Validator, profiles: &[String]) -> Judged {
    match work {
        Work::File(source) => match source.bytes() {
            Ok(bytes) => resource(source.name, None, &bytes, validator, profiles),
            Err(error) => unreadable(source.name, None, format!("the file cannot be read: {error}")),
        },
        Work::Line(file, line, bytes) => resource(file, Some(line), &bytes, validator, profiles),
        Work::Unreadable(file, line, why) => unreadable(file, line, why),
    }
}

fn resource(
    file: Arc<str>,
    line: Option<u32>,
    bytes: &[u8],
    validator: &Validator,
    profiles: &[String],
) -> Judged {
    let validation = match parse(bytes) {
        Ok(tree) => validator.validate_asking(&tree, profiles),
        Err(error) => Validation::malformed(&error),
    };
    Judged::new(file, line, validation, &String::from_utf8_lossy(bytes))
}

fn unreadable(file: Arc<str>, line: Option<u32>, why: String) -> Judged {
    Judged::new(file, line, Validation::not_read(why), "")
}
