//! The changes that faults and variations are made of.

use hyper::header::{HeaderName, HeaderValue};
use hyper::{Response, StatusCode};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value;

use super::alter::{IdShape, Instants, JsonLayout, Side, Withdrawal, XmlLayout};
use super::answer::Answer;
use super::request::Request;
use super::server::Supplier;
use super::store::Store;
use super::{Path, When};
use crate::fhir::Format;
use crate::standard::{Document, FileError};

/// The longest that an answer is held back, in milliseconds.
const MAX_WAIT: u64 = 60_000;

/// One change to a request as the supplier understands it, to the resource that it answers with, to how that is
/// written, to the message that carries it, or to the way that the message takes. The first step of a path is the type
/// of the resource that it is about, wherever in the answer that is (`*` stands for any): `Patient.name[use=official]`.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase", deny_unknown_fields)]
pub enum Change {
    // What the supplier offers.
    /// The supplier does without these, and does not claim them. It holds for all answers.
    Withdraw(Vec<Withdrawal>),
    /// The resources have ids of another shape. It holds for all answers.
    RenameIds(IdShape),

    // What the supplier takes the request for.
    /// The search parameter is not known to the supplier.
    IgnoreParameter(String),
    /// The supplier claims to search by the parameter, and does not.
    OverlookParameter(String),
    /// The supplier claims to search for what it was asked, and reads `from` as `to`.
    MisreadParameter {
        /// The parameter.
        name: String,
        /// The part of its value that is misread.
        from: String,
        /// What it is taken for.
        to: String,
    },
    /// A modifier or a chain of the parameter is not seen.
    DropModifier(String),
    /// The parameter is read as if it had a modifier.
    AddModifier {
        /// The parameter.
        name: String,
        /// The modifier, such as `exact`.
        modifier: String,
    },
    /// The prefix of the parameter's value, such as `ge`, is not seen.
    DropPrefix(String),
    /// Of values with commas between them, only the first is searched for.
    FirstValueOnly(String),
    /// Values with commas between them must all match.
    OrAsAnd(String),
    /// Of a parameter that is repeated, one match is enough.
    AndAsOr(String),
    /// Of a parameter that is repeated, only the last is searched for.
    LastRepetitionOnly(String),
    /// Only what holds the parameter's value letter for letter is found.
    MatchVerbatim(String),
    /// What the matches refer to comes with them, as if it had been asked for by this `_include`.
    Include(String),
    /// Pages have so many results, whatever the client wants.
    PageSize(usize),
    /// The search does not find its first or its last match.
    DropMatch(Side),
    /// The search finds each match twice, over all pages.
    RepeatMatches,
    /// The search finds its matches in the other order.
    ReverseMatches,
    /// The client is let in, whatever it shows.
    AdmitAnyone,
    /// What is written is answered as if it were kept, and is not.
    ForgetWrite,

    // The resource.
    /// The element is not there.
    RemoveElement(Path),
    /// The element has another value, or is there where it was not.
    SetElement {
        /// Where it is.
        path: Path,
        /// What it holds.
        value: Value,
    },
    /// There is one more of a list, at its end.
    AddElement {
        /// The list.
        path: Path,
        /// What the new one holds.
        value: Value,
    },
    /// The element has another name.
    RenameElement {
        /// Where it is.
        path: Path,
        /// Its new name.
        to: String,
    },
    /// A text has another value, wherever in the answer it stands alone.
    ReplaceValue {
        /// The conformant value.
        from: String,
        /// What takes its place.
        to: Value,
    },
    /// A search finds one resource more, which does not match.
    AddNonMatch,
    /// A search finds nothing.
    EmptyBundle,
    /// Of what the matches bring with them, the first or the last does not come.
    DropIncluded(Side),
    /// Each entry of the page is there twice.
    RepeatEntries,
    /// The link to the next page leads elsewhere.
    LoopNextLink(Page),
    /// A link loses a parameter.
    DropFromLink {
        /// The link, such as `next`.
        relation: String,
        /// The parameter.
        parameter: String,
    },
    /// The parameters of links stand in the other order.
    ReorderLinks,
    /// Links are relative to the base.
    RelativeLinks,
    /// The full URLs of entries are relative to the base.
    RelativeFullUrls,
    /// The links to other pages name a page of the server's own making, below the base, and no parameters.
    OpaquePages,
    /// References to resources of this server are written in one form.
    References(ReferenceForm),
    /// Instants are written another way that means the same.
    Instants(Instants),
    /// The answer is an error.
    AnswerError {
        /// The status.
        status: u16,
        /// The code of the issue, such as `exception`.
        code: String,
        /// What it says.
        diagnostics: String,
    },

    // How it is written.
    /// The answer comes in the format that was not asked for.
    SwapFormat,
    /// JSON is laid out in another way.
    Json(JsonLayout),
    /// XML is laid out in another way.
    Xml(XmlLayout),

    // The message.
    /// The status is another.
    SetStatus(u16),
    /// The header is not there.
    RemoveHeader(String),
    /// The header has another value, or is there where it was not.
    SetHeader {
        /// Its name.
        name: String,
        /// Its value.
        value: String,
    },
    /// The header is there once more.
    AddHeader {
        /// Its name.
        name: String,
        /// Its value.
        value: String,
    },
    /// The names of headers begin with capital letters. It holds for all answers.
    TitleCaseHeaders,
    /// The client is sent where it comes from.
    RedirectToItself,
    /// The body ends early, after so many hundredths of it, as if it were whole.
    TruncateBody(u8),
    /// The body is always the same, whatever was asked.
    FixedBody {
        /// Its media type.
        content_type: String,
        /// Its text.
        body: String,
    },
    /// Something stands before the body.
    PrependBody(String),
    /// Something stands behind the body.
    AppendBody(String),
    /// A text within the body is another, wherever it stands.
    ReplaceText {
        /// The text.
        from: String,
        /// What takes its place.
        to: String,
    },
    /// The body is in another character encoding, whatever the header says.
    EncodeBody(Charset),
    /// The body is compressed, if the client takes that.
    Compress(Coding),

    // The way that it takes.
    /// The body comes in pieces of so many bytes, and its length is not said.
    Chunked(usize),
    /// The connection is closed after so many hundredths of the body.
    CloseAfter(u8),
    /// Nothing comes any more after so many hundredths of the body.
    StallAfter(u8),
    /// The length that is declared is so many bytes more than that of the body, or less.
    ContentLength(i64),
    /// The answer is held back for so many milliseconds.
    Wait(u64),
    /// The connection is closed without an answer.
    BreakConnection,
    /// HTTP/2 is spoken, from the first byte on, and nothing else. It holds for all answers.
    Http2,
}

/// A page that a wrong link leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Page {
    /// The page that it is on.
    Itself,
    /// The first page.
    First,
}

/// How references to resources of the same server are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum ReferenceForm {
    /// `http://.../Patient/1`
    Absolute,
    /// `Patient/1`
    Relative,
    /// `Patient/1/_history/3`, where versions can be read.
    Versioned,
}

/// A character encoding that FHIR does not have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Charset {
    /// ISO 8859-1.
    Latin1,
    /// UTF-16, little-endian.
    Utf16,
}

/// A content coding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Coding {
    /// `gzip`
    Gzip,
    /// `deflate`
    Deflate,
    /// `br`
    Brotli,
}

impl Coding {
    /// Its name in a header.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Gzip => "gzip",
            Self::Deflate => "deflate",
            Self::Brotli => "br",
        }
    }
}

impl Supplier {
    /// The answer to a request, after changes.
    pub(super) fn spoil(
        &self,
        changes: &[Change],
        request: &Request,
        store: &Store,
        mut answer: Answer,
        format: Format,
    ) -> Response<Vec<u8>> {
        let mut understood = request.clone();
        let mut misread = false;
        for change in changes {
            misread |= change.misread(&mut understood);
        }
        // What was written is written, and what has no format to be answered in has none: the rest is answered once more.
        if misread && request.is_safe() && answer.status != StatusCode::NOT_ACCEPTABLE {
            answer = self.answer(store, &understood);
        }
        for change in changes {
            change.alter_resource(self.context(store), request, &mut answer);
        }
        let swapped = changes.iter().any(|change| matches!(change, Change::SwapFormat));
        let format = match (format, swapped) {
            (Format::Json, false) | (Format::Xml, true) => Format::Json,
            (Format::Xml, false) | (Format::Json, true) => Format::Xml,
        };
        let mut message = answer.message(format, self.definitions.as_ref());
        for change in changes {
            change.alter_message(request, &mut message);
        }
        message
    }
}

impl Change {
    /// Whether it can be made at all.
    pub(super) fn check(&self) -> Result<(), String> {
        let name = |name: &str| {
            HeaderName::from_bytes(name.as_bytes()).map_err(|_| format!("`{name}` is no header's name"))
        };
        let value = |value: &str| {
            HeaderValue::from_str(value).map_err(|_| format!("`{value}` cannot be in a header"))
        };
        match self {
            Self::SetStatus(status) | Self::AnswerError { status, .. } => {
                StatusCode::from_u16(*status).map(drop).map_err(|_| format!("{status} is no HTTP status"))
            }
            Self::RemoveHeader(header) => name(header).map(drop),
            Self::SetHeader { name: header, value: text } | Self::AddHeader { name: header, value: text } => {
                name(header).and_then(|_| value(text)).map(drop)
            }
            Self::FixedBody { content_type, .. } => value(content_type).map(drop),
            Self::TruncateBody(percent) | Self::CloseAfter(percent) | Self::StallAfter(percent)
                if *percent >= 100 =>
            {
                Err(format!("{percent} hundredths of a body cuts nothing off"))
            }
            Self::RemoveElement(path)
            | Self::SetElement { path, .. }
            | Self::AddElement { path, .. }
            | Self::RenameElement { path, .. }
                if path.steps.len() < 2 =>
            {
                Err("a path begins with a type and goes on with an element: `Patient.name`".to_owned())
            }
            Self::Wait(milliseconds) if *milliseconds > MAX_WAIT => {
                Err(format!("{milliseconds} ms is longer than a minute"))
            }
            Self::ReplaceText { from, .. } if from.is_empty() => {
                Err("`from` is empty: say what is to be replaced".to_owned())
            }
            Self::PageSize(0) => Err("a page holds at least one result".to_owned()),
            Self::Instants(form) => form.check(),
            Self::Xml(layout) => layout.check(),
            _ => Ok(()),
        }
    }
}

/// What is wrong with an alteration at a place of a file.
pub(super) fn errors(document: &Document, at: &str, when: &When, changes: &[Change]) -> Vec<FileError> {
    let mut errors = Vec::new();
    if changes.is_empty() {
        errors.push(document.error(&format!("{at}/changes"), "it changes nothing"));
    }
    if let Err(message) = when.check() {
        errors.push(document.error(&format!("{at}/when"), message));
    }
    for (number, change) in changes.iter().enumerate() {
        if let Err(message) = change.check() {
            errors.push(document.error(&format!("{at}/changes/{number}"), message));
        }
    }
    errors
}
