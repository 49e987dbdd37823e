//! Following the `next` links of an answer: within the endpoint, never in a circle, and not without end.

use super::request::Base;
use crate::check::Answer;
use crate::http::Request;

/// What comes after a page.
pub(super) enum Next {
    /// Nothing: it was the last.
    Last,
    /// Another page.
    Page(Box<Request>),
    /// Another page that is not to be had; why, in words.
    Problem(String),
}

/// What comes after the last page of an answer.
pub(super) fn next_page(answer: &Answer, previous: &Request, base: &Base, limit: u32) -> Next {
    let Some(page) = answer.pages.last() else { return Next::Last };
    match page.response() {
        None if answer.was_answered() => {
            return Next::Problem(format!("page {} cannot be read", answer.pages.len()));
        }
        None => return Next::Problem("a page was not answered".to_owned()),
        Some(response) if response.status != 200 => {
            // The first page is judged by the step's own expectations.
            return if answer.pages.len() == 1 {
                Next::Last
            } else {
                Next::Problem(format!(
                    "page {} was answered with status {}",
                    answer.pages.len(),
                    response.status
                ))
            };
        }
        Some(_) => {}
    }
    let is_bundle = page.tree().is_ok_and(|tree| tree.root().resource_type() == Some("Bundle"));
    if !is_bundle && answer.pages.len() > 1 {
        return Next::Problem(format!("page {} is not a Bundle", answer.pages.len()));
    }
    let Some(link) = page.link("next") else { return Next::Last };
    let Some(next) = base.page(previous, link) else {
        return Next::Problem(format!("the next link leads to another host and was not followed: {link}"));
    };
    if answer.pages.iter().any(|page| page.exchange.request.url == next.url) {
        return Next::Problem(format!("the next link leads back to a page that was read before: {link}"));
    }
    if answer.pages.len() >= limit as usize {
        return Next::Problem(format!("there are more than {limit} pages"));
    }
    Next::Page(Box::new(next))
}
