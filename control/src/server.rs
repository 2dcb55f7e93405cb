//! Accepts connections and responds to requests.
//!
//! One thread waits for all connections; a few others handle requests. The bounds, and the response to a client that
//! exceeds one:
//!
//! | what | bound | answer |
//! | --- | --- | --- |
//! | connections | 64; 16 of one user, 8 kept | 429, at once |
//! | time for a request's head, and idle | 10 s | closed |
//! | time for a body | 10 s, 60 s for `apply` | 408 |
//! | size of a body | 4 MiB, 64 MiB for `apply` | 413 |
//! | size of a head | 64 KiB | 431 |
//! | time to take any of an answer | 30 s | closed |
//! | bodies at once | 256 MiB; 64 MiB of one user, 64 MiB kept | 429 |
//! | streams | 16; 4 of one user, 4 kept | 429 |
//! | loads of scripts, with those that wait | 6; 2 of one user, 2 kept | 429 |
//! | requests that are handled | 8; 3 of one user, 2 kept | waits |
//!
//! Reserved resources are for users who are authorised for everything; the bounds of one user do not apply to them
//! (`limits.rs`). The body of a request is not read unless its sender is authorised.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, HttpBody as _};
use axum::extract::{RawPathParams, Request, State};
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{MethodFilter, MethodRouter};
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{UnixListener, UnixStream};
use tokio::sync::watch;
use tokio::time::{Sleep, sleep, timeout};

use super::answer::Answer;
use super::asked::Asked;
use super::audit::AuditLine;
use super::caller::{Caller, Rights};
use super::limits::{BODIES, CONNECTIONS, Limit, STREAMS, Taken, Taker, Turns};
use super::plane::Plane;
use super::rejection::Rejection;
use super::routes::{ROUTES, Route};
use super::socket::{Bound, Lock};
use super::{body, stream};

const HEAD_TIME: Duration = Duration::from_secs(10);
const WRITE_TIME: Duration = Duration::from_secs(30);
const HEAD_SIZE: usize = 64 * 1024;
/// The most bytes of a name in a path; existing names have at most 64.
const MAX_SEGMENT: usize = 128;
/// How long connections may continue after the control plane was stopped.
const GRACE: Duration = Duration::from_secs(2);

/// What handlers share.
pub(super) struct Shared {
    plane: Arc<Plane>,
    connections: Arc<Limit>,
    streams: Arc<Limit>,
    bodies: Arc<Limit>,
    turns: Turns,
}

/// Serves until it is stopped. The lock must be held until the runtime has no request left.
pub(super) async fn serve(bound: Bound, plane: Arc<Plane>, mut stopped: watch::Receiver<bool>) -> Lock {
    let listener = match bound.listener.try_clone().and_then(UnixListener::from_std) {
        Ok(listener) => listener,
        Err(error) => {
            tracing::error!(target: "tenterhook::control", "cannot listen on the socket: {error}");
            return bound.close();
        }
    };
    let shared = Arc::new(Shared {
        plane,
        connections: Limit::new(CONNECTIONS),
        streams: Limit::new(STREAMS),
        bodies: Limit::new(BODIES),
        turns: Turns::new(),
    });
    let router = router();
    let mut tasks = tokio::task::JoinSet::new();
    loop {
        tokio::select! {
            _ = stopped.changed() => break,
            Some(_) = tasks.join_next(), if !tasks.is_empty() => {}
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => {
                    let (shared, router, stopped) = (Arc::clone(&shared), router.clone(), stopped.clone());
                    if let Some(admitted) = admit(&shared, &stream) {
                        tasks.spawn(connection(stream, admitted, router, stopped));
                    } else {
                        refuse(&stream);
                    }
                }
                // The usual reason is a lack of file descriptors, so others get time to close theirs.
                Err(_) => sleep(Duration::from_millis(50)).await,
            },
        }
    }
    drop(listener);
    let lock = bound.close();
    let _ = timeout(GRACE, async { while tasks.join_next().await.is_some() {} }).await;
    lock
}

/// A counted connection.
struct Admitted {
    shared: Arc<Shared>,
    caller: Caller,
    taker: Taker,
    _taken: Taken,
}

/// Identifies the caller, if there is room for the connection.
fn admit(shared: &Arc<Shared>, stream: &UnixStream) -> Option<Admitted> {
    let peer = stream.peer_cred().ok()?;
    let caller = Caller { uid: peer.uid(), gid: peer.gid(), pid: peer.pid() };
    let taker = shared.plane.taker(caller);
    let taken = shared.connections.one(taker)?;
    Some(Admitted { shared: Arc::clone(shared), caller, taker, _taken: taken })
}

/// Responds that there is no room, without waiting for anything.
fn refuse(stream: &UnixStream) {
    let body = Rejection::busy("too many connections; try again").body();
    let answer = format!(
        "HTTP/1.1 429 Too Many Requests\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\
         connection: close\r\n\r\n{body}",
        body.len()
    );
    // A client that does not read the response loses it.
    let _ = stream.try_write(answer.as_bytes());
}

async fn connection(stream: UnixStream, admitted: Admitted, router: Router<Conn>, mut stopped: watch::Receiver<bool>) {
    let admitted = Arc::new(admitted);
    let router = router.with_state(Conn(Arc::clone(&admitted)));
    let io = TokioIo::new(Timed { stream, sleep: None });
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(HEAD_TIME).max_buf_size(HEAD_SIZE).half_close(false);
    let connection = http.serve_connection(io, TowerToHyperService::new(router));
    tokio::pin!(connection);
    tokio::select! {
        // A client that disconnects is not an error of the server.
        _ = connection.as_mut() => {}
        _ = stopped.changed() => {
            connection.as_mut().graceful_shutdown();
            let _ = timeout(GRACE, connection).await;
        }
    }
}

/// What handlers know about their connection.
#[derive(Clone)]
struct Conn(Arc<Admitted>);

fn router() -> Router<Conn> {
    let mut router = Router::new();
    let mut paths: Vec<&str> = ROUTES.iter().map(|route| route.path).collect();
    paths.dedup();
    for path in paths {
        let mut methods: MethodRouter<Conn> = MethodRouter::new();
        for route in ROUTES.iter().filter(|route| route.path == path) {
            methods =
                methods.on(filter(&route.method), move |state, params, request| handle(route, state, params, request));
        }
        methods = methods.fallback(async || {
            rejection(&Rejection::new(405, "method_not_allowed", "this path supports other methods"))
        });
        router = router.route(path, methods);
    }
    router.fallback(async || rejection(&Rejection::not_found("no such path; see /v1/openapi.json")))
}

fn filter(method: &Method) -> MethodFilter {
    // ROUTES contains no other methods.
    MethodFilter::try_from(method.clone()).unwrap_or(MethodFilter::GET)
}

async fn handle(route: &'static Route, State(conn): State<Conn>, params: RawPathParams, request: Request) -> Response {
    let path = params.iter().map(|(_, value)| value.to_owned()).collect();
    match respond(route, &conn.0, path, request).await {
        Ok(response) => response,
        Err(error) => rejection(&error),
    }
}

/// Checks the caller and its rights, then reads the body, then handles the request.
async fn respond(
    route: &'static Route,
    of: &Arc<Admitted>,
    path: Vec<String>,
    request: Request,
) -> Result<Response, Rejection> {
    if path.iter().any(|value| value.len() > MAX_SEGMENT) {
        return Err(Rejection::not_found(format!("names have at most {MAX_SEGMENT} bytes")));
    }
    let query = query(route, request.uri().query().unwrap_or_default())?;
    let mut asked = Asked { caller: of.caller, rights: Rights::Some(Vec::new()), path, query, body: None };
    let body = request.into_body();
    if !body.is_end_stream() {
        // No body is read from an unauthorised caller.
        let checked = work(of, move |plane| {
            asked.rights = plane.rights(asked.caller);
            noted(plane, route, &asked, asked.may_ask(route.for_changers())).map(|()| asked)
        });
        asked = checked.await?;
        asked.body = Some(body::read(body, route.max_body, of.shared.bodies.none(of.taker)).await?);
    }
    let answer = work(of, move |plane| {
        // The rights are checked again, because they may have changed while the body arrived.
        asked.rights = plane.rights(asked.caller);
        let answer = asked.may_ask(route.for_changers()).and_then(|()| (route.handler)(plane, &asked));
        noted(plane, route, &asked, answer)
    });
    let typed = |mut response: Response, kind: &'static str| {
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
        response
    };
    Ok(match answer.await? {
        Answer::Json(status, json) => typed((status, json).into_response(), "application/json"),
        Answer::Text(kind, text) => typed(text.into_response(), kind),
        Answer::Stream(wanted) => {
            let plane = Arc::clone(&of.shared.plane);
            let place = of.shared.streams.one(of.taker);
            let place = place.ok_or_else(|| Rejection::busy("too many streams; try again"))?;
            typed(Response::new(Body::new(stream::Lines::new(*wanted, plane, place))), "application/x-ndjson")
        }
    })
}

/// Lets one of the threads that handle requests do the work, when it is the caller's turn.
async fn work<T: Send + 'static>(
    of: &Admitted,
    job: impl FnOnce(&Plane) -> Result<T, Rejection> + Send + 'static,
) -> Result<T, Rejection> {
    let turn = of.shared.turns.next(of.taker).await;
    let plane = Arc::clone(&of.shared.plane);
    let done = tokio::task::spawn_blocking(move || {
        // The turn ends when the thread is free, whether the client still waits or not.
        let _turn = turn;
        job(&plane)
    });
    done.await.unwrap_or_else(|_| Err(Rejection::new(500, "host", "the request could not be handled")))
}

/// Writes rejected requests to the audit log.
fn noted<T>(plane: &Plane, route: &Route, asked: &Asked, result: Result<T, Rejection>) -> Result<T, Rejection> {
    if let Err(error) = &result
        && (error.error.code == "forbidden" || route.changes())
    {
        let action = format!("{} {}", route.method, route.path);
        let (tenant, name) = match &asked.path[..] {
            [tenant, name] => (Some(tenant.as_str()), Some(name.as_str())),
            _ => (None, None),
        };
        let refused = Some((error.status, error.error.message.as_str()));
        plane.audit(asked.caller, &AuditLine { action: &action, tenant, name, refused, ..AuditLine::default() });
    }
    result
}

fn rejection(rejection: &Rejection) -> Response {
    let status = StatusCode::from_u16(rejection.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = (status, rejection.body()).into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    if matches!(rejection.status, 408 | 413) {
        // The rest of the body is not waited for.
        response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    }
    response
}

/// The query's parameters, if the route accepts them.
fn query(route: &Route, text: &str) -> Result<Vec<(String, String)>, Rejection> {
    let pairs = form_urlencoded::parse(text.as_bytes());
    pairs
        .map(|(key, value)| match route.parameters.iter().any(|known| known.name == key) {
            true => Ok((key.into_owned(), value.into_owned())),
            false => {
                let known: Vec<&str> = route.parameters.iter().map(|known| known.name).collect();
                let expected = if known.is_empty() { "none".to_owned() } else { known.join(", ") };
                Err(Rejection::bad_request(format!("unknown parameter {key:?}; expected {expected}")))
            }
        })
        .collect()
}

/// A connection whose client has to read some of the response from time to time.
struct Timed {
    stream: UnixStream,
    sleep: Option<Pin<Box<Sleep>>>,
}

impl Timed {
    /// Returns the result of a write, or an error if the client has not read for too long.
    fn watch<T>(&mut self, cx: &mut Context<'_>, result: Poll<std::io::Result<T>>) -> Poll<std::io::Result<T>> {
        if result.is_ready() {
            self.sleep = None;
            return result;
        }
        let waits = self.sleep.get_or_insert_with(|| Box::pin(sleep(WRITE_TIME)));
        match waits.as_mut().poll(cx) {
            Poll::Ready(()) => Poll::Ready(Err(std::io::ErrorKind::TimedOut.into())),
            Poll::Pending => Poll::Pending,
        }
    }
}

impl AsyncRead for Timed {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buf)
    }
}

impl AsyncWrite for Timed {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<std::io::Result<usize>> {
        let result = Pin::new(&mut self.stream).poll_write(cx, bytes);
        self.watch(cx, result)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
