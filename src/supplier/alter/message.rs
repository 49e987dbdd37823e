//! Changes to the message that carries an answer.

use hyper::header::{self, HeaderName, HeaderValue};
use hyper::{Response, StatusCode};

use super::delivery::{Delivery, End};
use super::{body, json, xml};
use crate::supplier::change::{Change, Coding};
use crate::supplier::request::Request;

impl Change {
    pub(in crate::supplier) fn alter_message(&self, request: &Request, message: &mut Response<Vec<u8>>) {
        match self {
            Self::SetStatus(status) => {
                if let Ok(status) = StatusCode::from_u16(*status) {
                    *message.status_mut() = status;
                }
            }
            Self::RemoveHeader(name) => drop(message.headers_mut().remove(name.as_str())),
            Self::SetHeader { name, value } => set_header(message, name, value),
            Self::AddHeader { name, value } => {
                if let Some((name, value)) = pair(name, value) {
                    message.headers_mut().append(name, value);
                }
            }
            Self::RedirectToItself => {
                *message.status_mut() = StatusCode::FOUND;
                set_header(message, header::LOCATION.as_str(), &request.address);
            }
            Self::TruncateBody(percent) => {
                let body = message.body_mut();
                body.truncate(body.len() * usize::from(*percent) / 100);
            }
            Self::FixedBody { content_type, body } => {
                *message.body_mut() = body.clone().into_bytes();
                set_header(message, header::CONTENT_TYPE.as_str(), content_type);
            }
            Self::PrependBody(text) => *message.body_mut() = [text.as_bytes(), message.body()].concat(),
            Self::AppendBody(text) => message.body_mut().extend_from_slice(text.as_bytes()),
            Self::ReplaceText { from, to } => {
                *message.body_mut() = body::replaced(message.body(), from, to);
            }
            Self::EncodeBody(charset) => *message.body_mut() = body::encoded(message.body(), *charset),
            Self::Json(layout) if is(message, "json") => {
                lay_out(message, |text| json::laid_out(text, layout));
            }
            Self::Xml(layout) if is(message, "xml") => lay_out(message, |text| xml::laid_out(text, layout)),
            Self::Compress(coding) => compress(request, message, *coding),
            other => {
                let mut delivery = message.extensions_mut().remove::<Delivery>().unwrap_or_default();
                other.alter_delivery(&mut delivery);
                message.extensions_mut().insert(delivery);
            }
        }
    }

    fn alter_delivery(&self, delivery: &mut Delivery) {
        match self {
            Self::Chunked(size) => delivery.pieces = Some(*size),
            Self::CloseAfter(percent) => delivery.ends = Some((*percent, End::Close)),
            Self::StallAfter(percent) => delivery.ends = Some((*percent, End::Stall)),
            Self::ContentLength(difference) => delivery.declared = Some(*difference),
            Self::Wait(milliseconds) => delivery.wait = std::time::Duration::from_millis(*milliseconds),
            Self::BreakConnection => delivery.breaks = true,
            _ => {}
        }
    }
}

/// Codes the body, if the client takes that and it is not coded yet.
pub(in crate::supplier) fn compress(request: &Request, message: &mut Response<Vec<u8>>, coding: Coding) {
    let name = coding.name();
    let accepted =
        request.headers.get_all(header::ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok());
    let takes = accepted.flat_map(|value| value.split(',')).any(|one| one.trim().starts_with(name));
    let is_plain = !message.body().is_empty() && !message.headers().contains_key(header::CONTENT_ENCODING);
    if takes
        && is_plain
        && let Ok(coded) = body::coded(message.body(), coding)
    {
        *message.body_mut() = coded;
        set_header(message, header::CONTENT_ENCODING.as_str(), name);
    }
}

fn is(message: &Response<Vec<u8>>, format: &str) -> bool {
    let content_type = message.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    content_type.is_some_and(|text| text.contains(format))
}

fn lay_out(message: &mut Response<Vec<u8>>, change: impl FnOnce(&str) -> String) {
    if let Ok(text) = std::str::from_utf8(message.body()) {
        *message.body_mut() = change(text).into_bytes();
    }
}

fn pair(name: &str, value: &str) -> Option<(HeaderName, HeaderValue)> {
    Some((HeaderName::from_bytes(name.as_bytes()).ok()?, HeaderValue::from_str(value).ok()?))
}

fn set_header(message: &mut Response<Vec<u8>>, name: &str, value: &str) {
    if let Some((name, value)) = pair(name, value) {
        message.headers_mut().insert(name, value);
    }
}
