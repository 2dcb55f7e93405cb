//! Every route: method, path, handler, and description.

use axum::http::Method;
use tenterhook_control_api::schemars::{self, Schema, SchemaGenerator};
use tenterhook_control_api::{
    AllStats, Applied, Apply, Attach, Attachments, Call, Called, Changed, Checked, Copy, Detail, Event, Explained,
    Hook, Hooks, Order, Policy, Quarantines, Replace, Tenants, Version,
};

use super::answer::Answer;
use super::asked::Asked;
use super::handlers::{about, apply, attachments, broken, call, hooks, policy, quarantine, stats, watch};
use super::limits::{MAX_APPLY, MAX_BODY};
use super::operation::{Content, Operation, schema};
use super::parameters::{
    ATTACHMENT, BROKEN_REVISION, BY, EVENT_KINDS, FOLLOW, HOOK, LIVE_KINDS, Parameter, REVISION, SAMPLE, SINCE, TENANT,
    THE_HOOK, THE_TENANT, WHICH_HOOK,
};
use super::plane::Plane;
use super::rejection::Rejection;

const CHECK: &str = "/v1/check";
const ATTACHMENTS: &str = "/v1/attachments";
const ONE: &str = "/v1/attachments/{tenant}/{name}";

type Handler = fn(&Plane, &Asked) -> Result<Answer, Rejection>;

pub(super) struct Route {
    pub method: Method,
    pub path: &'static str,
    pub handler: Handler,
    /// The query parameters that it accepts.
    pub parameters: &'static [Parameter],
    pub max_body: usize,
    pub operation: Operation,
}

const fn get(path: &'static str, parameters: &'static [Parameter], handler: Handler, operation: Operation) -> Route {
    Route { method: Method::GET, path, handler, parameters, max_body: MAX_BODY, operation }
}

const fn post(path: &'static str, parameters: &'static [Parameter], handler: Handler, operation: Operation) -> Route {
    Route { method: Method::POST, path, handler, parameters, max_body: MAX_BODY, operation }
}

/// Every route.
pub(super) const ROUTES: &[Route] = &[
    get("/v1/version", &[], about::version, Operation::json::<Version>("version", "Version and process of the program", &[])),
    get(
        "/v1/openapi.json",
        &[],
        about::openapi,
        Operation::new("openapi", "This document", Content::Json(any_object), &[]),
    ),
    get("/v1/hooks", &[], hooks::list, Operation::json::<Hooks>("hooks", "The hook points", &[])),
    get(
        "/v1/hooks/{hook}",
        &[],
        hooks::one,
        Operation::json::<Hook>("hook", "One hook point: its declaration and its attachments", &[404]),
    ),
    get(
        ATTACHMENTS,
        &[TENANT, HOOK],
        attachments::list,
        Operation::json::<Attachments>("attachments", "The attachments", &[400]),
    ),
    post(
        ATTACHMENTS,
        &[],
        attachments::attach,
        Operation::json::<Changed>("attach", "Attach a script", &[400, 404, 409, 413, 422, 500])
            .takes::<Attach>()
            .makes(),
    ),
    get(
        ONE,
        &[WHICH_HOOK],
        attachments::one,
        Operation::json::<Detail>(
            "attachment",
            "One attachment in full; for a broken one, the error and the content of its file and script",
            &[400, 404],
        ),
    ),
    Route {
        method: Method::PUT,
        path: ONE,
        handler: attachments::replace,
        parameters: &[REVISION],
        max_body: MAX_BODY,
        operation: Operation::json::<Changed>(
            "replace",
            "Replace the script, in one step",
            &[400, 404, 409, 413, 422, 428, 500],
        )
        .takes::<Replace>(),
    },
    Route {
        method: Method::DELETE,
        path: ONE,
        handler: attachments::detach,
        parameters: &[REVISION],
        max_body: MAX_BODY,
        operation: Operation::json::<Changed>("detach", "Detach", &[400, 404, 409, 428, 500]),
    },
    post(
        "/v1/attachments/{tenant}/{name}/enable",
        &[REVISION, WHICH_HOOK],
        attachments::enable,
        Operation::json::<Changed>("enable", "Enable an attachment", &[400, 404, 409, 428, 500]),
    ),
    post(
        "/v1/attachments/{tenant}/{name}/disable",
        &[REVISION, WHICH_HOOK],
        attachments::disable,
        Operation::json::<Changed>("disable", "Disable an attachment: it stays in the chain, but is not called", &[400, 404, 409, 428, 500]),
    ),
    post(
        "/v1/attachments/{tenant}/{name}/order",
        &[REVISION],
        attachments::reorder,
        Operation::json::<Changed>("reorder", "Move an attachment within its chain", &[400, 404, 409, 413, 422, 428, 500])
            .takes::<Order>(),
    ),
    post(
        "/v1/attachments/{tenant}/{name}/copy",
        &[],
        attachments::copy,
        Operation::json::<Changed>(
            "copy",
            "Attach the same script at another hook point",
            &[400, 404, 409, 413, 422, 500],
        )
        .takes::<Copy>()
        .makes(),
    ),
    post(
        "/v1/attachments/{tenant}/{name}/adopt",
        &[BROKEN_REVISION],
        broken::adopt,
        Operation::json::<Changed>(
            "adopt",
            "Adopt a broken attachment: attach the current file and script to the current hook point",
            &[400, 404, 409, 422, 428, 500],
        )
        .said("Attached, in its place.", "Stale revision, or the attachment is not broken."),
    ),
    post(
        "/v1/attachments/{tenant}/{name}/discard",
        &[BROKEN_REVISION],
        broken::discard,
        Operation::json::<Changed>(
            "discard",
            "Discard a broken attachment: its file and its script are removed",
            &[400, 404, 409, 428, 500],
        )
        .said("Removed; `attachment` is null.", "Stale revision, or the attachment is not broken."),
    ),
    post(
        CHECK,
        &[],
        attachments::check,
        Operation::json::<Checked>(
            "check",
            "Load a script and discard it: report what attaching would report",
            &[400, 404, 409, 413, 422],
        )
        .takes::<Attach>(),
    ),
    Route {
        method: Method::POST,
        path: "/v1/apply",
        handler: apply::apply,
        parameters: &[],
        max_body: MAX_APPLY,
        operation: Operation::json::<Applied>(
            "apply",
            "Make tenants' attachments equal to a list, or report what would change",
            &[400, 404, 409, 413, 422, 500],
        )
        .described(
            "Either all of it can be done, or nothing is: every script is loaded first. The answer of a dry run lists \
             errors per change.",
        )
        .takes::<Apply>(),
    },
    get(
        "/v1/stats",
        &[TENANT, HOOK],
        stats::stats,
        Operation::json::<AllStats>("stats", "Statistics of every attachment", &[400]),
    ),
    get("/v1/tenants", &[], stats::tenants, Operation::json::<Tenants>("tenants", "Tenants and their totals", &[])),
    get("/v1/policy", &[], policy::policy, Operation::json::<Policy>("policy", "The policy in force", &[])),
    get(
        "/v1/policy/explain",
        &[THE_TENANT, THE_HOOK],
        policy::explain,
        Operation::json::<Explained>(
            "explain",
            "The rules of a tenant at a hook point, and where each is set",
            &[400, 404],
        ),
    ),
    get(
        "/v1/quarantine",
        &[TENANT, HOOK],
        quarantine::list,
        Operation::json::<Quarantines>("quarantine", "Attachments in quarantine", &[400]),
    ),
    post(
        "/v1/quarantine/{tenant}/{name}/lift",
        &[WHICH_HOOK],
        quarantine::lift,
        Operation::json::<Changed>("lift", "Lift an attachment's quarantine now", &[400, 404, 409]),
    ),
    post(
        "/v1/call",
        &[],
        call::call,
        Operation::json::<Called>("call", "Fire a hook point manually, with arguments as JSON", &[400, 404, 413])
            .takes::<Call>(),
    ),
    get(
        "/v1/events",
        &[TENANT, HOOK, EVENT_KINDS, SINCE, FOLLOW],
        watch::events,
        Operation::new(
            "events",
            "Changes, quarantine, rejected requests: first the remembered events, then new ones",
            Content::Lines(schema::<Event>),
            &[400],
        )
        .described(
            "One JSON object per line. A reader that is too slow loses events, and their number is reported (`lost`). What is shown \
             goes by the policy in force; the stream of who is no operator any more ends.",
        ),
    ),
    get(
        "/v1/tail",
        &[TENANT, HOOK, ATTACHMENT, LIVE_KINDS, SAMPLE],
        watch::tail,
        Operation::new(
            "tail",
            "Log lines, faults, denials and sampled calls as they happen",
            Content::Lines(schema::<Event>),
            &[400],
        )
        .described("As /v1/events. Sampling costs nothing while there is no reader."),
    ),
    get(
        "/metrics",
        &[BY],
        stats::metrics,
        Operation::new("metrics", "Statistics for Prometheus", Content::Text("text/plain; version=0.0.4"), &[400]),
    ),
];

/// An object that is described elsewhere.
fn any_object(_generator: &mut SchemaGenerator) -> Schema {
    schemars::json_schema!({ "type": "object" })
}

impl Route {
    /// Whether the route requires the right to change something.
    pub fn for_changers(&self) -> bool {
        self.method != Method::GET
    }

    /// Whether it changes an attachment, or calls it. `check` does not.
    pub fn changes(&self) -> bool {
        self.for_changers() && self.path != CHECK
    }
}
