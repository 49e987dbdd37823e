//! The way that a message takes: whole, in pieces, late, or not to its end.

use std::collections::VecDeque;
use std::future::Future as _;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use hyper::Response;
use hyper::body::{Body, Bytes, Frame, SizeHint};
use hyper::header::{CONTENT_LENGTH, HeaderValue};
use tokio::time::Sleep;

/// How long what was sent has to leave before the connection is closed.
const LEAVING: Duration = Duration::from_millis(20);

/// How a message is delivered.
#[derive(Debug, Clone, Default)]
pub(super) struct Delivery {
    /// How long it is held back.
    pub(super) wait: Duration,
    /// Whether the connection is closed instead.
    pub(super) breaks: bool,
    /// How large its pieces are, of which it is then not said how many there are.
    pub(super) pieces: Option<usize>,
    /// After how many hundredths of the body what happens.
    pub(super) ends: Option<(u8, End)>,
    /// By how many bytes the length that is declared differs from that of the body.
    pub(super) declared: Option<i64>,
}

/// What happens in the middle of a body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    /// The connection is closed.
    Close,
    /// Nothing comes any more, and the connection stays.
    Stall,
}

/// A body on its way.
#[derive(Debug)]
pub(in crate::supplier) struct Wire {
    pieces: VecDeque<Bytes>,
    end: Option<End>,
    /// Runs while what was sent leaves for the client, before the connection is closed on it.
    leaving: Option<Pin<Box<Sleep>>>,
    /// Its length, where it is known beforehand and not declared otherwise.
    length: Option<u64>,
}

/// Puts a message on its way.
///
/// # Errors
/// The connection is to be closed instead.
pub(in crate::supplier) async fn deliver(message: Response<Vec<u8>>) -> io::Result<Response<Wire>> {
    let (mut head, mut body) = message.into_parts();
    let delivery = head.extensions.remove::<Delivery>().unwrap_or_default();
    tokio::time::sleep(delivery.wait).await;
    if delivery.breaks {
        return Err(io::ErrorKind::ConnectionAborted.into());
    }
    let whole = body.len();
    let declared =
        delivery.declared.map(|more| whole.saturating_add_signed(isize::try_from(more).unwrap_or(0)));
    if let Some((percent, _)) = delivery.ends {
        body.truncate(whole * usize::from(percent) / 100);
    }
    let length = match (declared, delivery.ends) {
        (None, None) => Some(whole as u64),
        (declared, _) => {
            head.headers.insert(CONTENT_LENGTH, HeaderValue::from(declared.unwrap_or(whole)));
            None
        }
    };
    let end = delivery.ends.map(|(_, end)| end);
    let wire = match delivery.pieces {
        None => Wire { pieces: VecDeque::from([Bytes::from(body)]), end, leaving: None, length },
        Some(size) => {
            head.headers.remove(CONTENT_LENGTH);
            let pieces = body.chunks(size.max(1)).map(Bytes::copy_from_slice).collect();
            Wire { pieces, end, leaving: None, length: None }
        }
    };
    Ok(Response::from_parts(head, wire))
}

impl Body for Wire {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        let wire = self.get_mut();
        match (wire.pieces.pop_front(), wire.end) {
            (Some(piece), _) => Poll::Ready(Some(Ok(Frame::data(piece)))),
            (None, None) => Poll::Ready(None),
            (None, Some(End::Close)) => {
                let leaving = wire.leaving.get_or_insert_with(|| Box::pin(tokio::time::sleep(LEAVING)));
                leaving.as_mut().poll(context).map(|()| Some(Err(io::ErrorKind::ConnectionAborted.into())))
            }
            // Nobody wakes it: it ends with its connection.
            (None, Some(End::Stall)) => Poll::Pending,
        }
    }

    fn is_end_stream(&self) -> bool {
        self.end.is_none() && self.pieces.iter().all(Bytes::is_empty)
    }

    fn size_hint(&self) -> SizeHint {
        self.length.map_or_else(SizeHint::default, SizeHint::with_exact)
    }
}
