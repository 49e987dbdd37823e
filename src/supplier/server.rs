//! The HTTP server around the supplier.

use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, RwLock};
use std::time::Duration;

use http_body_util::{BodyExt as _, Limited};
use hyper::body::Incoming;
use hyper::server::conn::{http1, http2};
use hyper::service::service_fn;
use hyper::{Response, StatusCode};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::task::{JoinHandle, JoinSet};

use super::alter::{Wire, deliver};
use super::problem::Problem;
use super::request::Request;
use super::{Alteration, Change, Configuration, Store};
use crate::fhir::Definitions;

/// How many bytes of a request's body are read.
const MAX_BODY: usize = 1024 * 1024;

/// What to serve, and where.
#[derive(Debug, Clone)]
pub struct Options {
    /// Where to listen; port 0 takes a free one.
    pub address: SocketAddr,
    /// The resources.
    pub store: Store,
    /// What is offered of them.
    pub configuration: Configuration,
    /// The elements of its resources, which tell their order in XML.
    pub definitions: Arc<dyn Definitions>,
    /// The fault or the variation that is switched on; without one the supplier answers as it is.
    pub alteration: Option<Alteration>,
    /// The token that requests must carry; any will do without one.
    pub bearer: Option<String>,
    /// How long each answer is held back.
    pub latency: Option<Duration>,
}

/// A supplier that plays a conformant server, or one with a known fault.
#[derive(Debug)]
pub struct Supplier {
    pub(super) configuration: Configuration,
    pub(super) store: RwLock<Store>,
    pub(super) bearer: Option<String>,
    pub(super) definitions: Arc<dyn Definitions>,
    pub(super) alteration: Option<Alteration>,
    pub(super) base: String,
    latency: Option<Duration>,
}

/// A supplier that listens. It stops when this is dropped.
#[derive(Debug)]
pub struct Running {
    base_url: String,
    stop: oneshot::Sender<()>,
    task: JoinHandle<()>,
}

impl Supplier {
    /// Starts to listen; requests are answered from here on.
    pub async fn start(options: Options) -> io::Result<Running> {
        let listener = TcpListener::bind(options.address).await?;
        let mut address = listener.local_addr()?;
        if address.ip().is_unspecified() {
            address.set_ip(std::net::Ipv4Addr::LOCALHOST.into());
        }
        let base_url = format!("http://{address}{}", options.configuration.base_path);
        let (mut configuration, mut store) = (options.configuration, options.store);
        for change in options.alteration.iter().flat_map(|alteration| &alteration.changes) {
            match change {
                Change::Withdraw(withdrawn) => {
                    for withdrawal in withdrawn {
                        withdrawal.apply(&mut configuration);
                    }
                }
                Change::RenameIds(shape) => store = shape.rename(&store, &configuration.forbidden),
                _ => {}
            }
        }
        if let Some(provider) = &configuration.gp_connect {
            provider.open(&mut store, jiff::Timestamp::now()).map_err(io::Error::other)?;
        }
        let supplier = Arc::new(Self {
            configuration,
            store: RwLock::new(store),
            bearer: options.bearer,
            definitions: options.definitions,
            alteration: options.alteration,
            base: base_url.clone(),
            latency: options.latency,
        });
        let (stop, stopped) = oneshot::channel();
        let task = tokio::spawn(listen(listener, supplier, stopped));
        Ok(Running { base_url, stop, task })
    }

    /// Answers a request.
    ///
    /// # Errors
    /// A fault wants the connection to be closed instead.
    async fn serve(&self, request: hyper::Request<Incoming>) -> io::Result<Response<Wire>> {
        let (parts, body) = request.into_parts();
        let body = Limited::new(body, MAX_BODY).collect().await.map(http_body_util::Collected::to_bytes);
        let body = match &body {
            Ok(bytes) => Ok(bytes.as_ref()),
            Err(error) if error.is::<http_body_util::LengthLimitError>() => Err(Problem::new(
                StatusCode::PAYLOAD_TOO_LARGE,
                "too-long",
                format!("the body is larger than {MAX_BODY} bytes"),
            )),
            Err(error) => Err(Problem::invalid(format!("the body could not be read: {error}"))),
        };
        let request = Request::read(&self.configuration, parts.method, &parts.uri, parts.headers, body);
        if let Some(latency) = self.latency {
            tokio::time::sleep(latency).await;
        }
        deliver(self.respond(&request)).await
    }
}

impl Running {
    /// The base URL of the API, without a slash at its end.
    #[must_use]
    pub fn base_url(&self) -> String {
        self.base_url.clone()
    }

    /// Ends all connections and stops listening.
    pub async fn stop(self) {
        drop(self.stop);
        // An error would only say that the task has ended already.
        let _ = self.task.await;
    }
}

/// Accepts connections until the other end of `stopped` is gone. Connections end with this future.
async fn listen(listener: TcpListener, supplier: Arc<Supplier>, mut stopped: oneshot::Receiver<()>) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            _ = &mut stopped => return,
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => {
                    // What goes wrong on a connection is the client's to notice.
                    connections.spawn(speak(Arc::clone(&supplier), TokioIo::new(stream)));
                }
                // Out of file descriptors, say: give connections time to end.
                Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
            },
            Some(_) = connections.join_next() => {}
        }
    }
}

/// Answers the requests of a connection.
async fn speak(supplier: Arc<Supplier>, stream: TokioIo<TcpStream>) -> hyper::Result<()> {
    let alteration = supplier.alteration.as_ref();
    let by_http2 = alteration.is_some_and(Alteration::is_by_http2);
    let title_case = alteration.is_some_and(Alteration::has_title_case_headers);
    let service = service_fn(move |request| {
        let supplier = Arc::clone(&supplier);
        async move { supplier.serve(request).await }
    });
    if by_http2 {
        let builder = http2::Builder::new(TokioExecutor::new());
        return builder.serve_connection(stream, service).await;
    }
    http1::Builder::new()
        .timer(TokioTimer::new())
        .title_case_headers(title_case)
        .serve_connection(stream, service)
        .await
}
