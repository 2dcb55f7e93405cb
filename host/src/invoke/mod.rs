//! One invocation of a hook point, from top to bottom.
//!
//! ```text
//! Hook::invoke(args)
//!   │ nothing attached? the declared default
//!   │ is a required attachment missing? the closed result
//!   ▼
//! for each attachment of the chain:
//!     admit   ─ Denied ─▶ disposition
//!     encode the arguments, once: a denied call does not pay for them
//!     sandbox ─ Fault ──▶ disposition
//!     answer: not the default? the chain ends (hook points that observe go on)
//!   ▼
//! Outcome: results, the deciding attachment, failures
//! ```
//!
//! Whatever scripts do, there is an outcome: no `Err`, no panic, no wait.
//!
//! A hook point that requires attachments is never open without them. The closed result applies if one of them fails or
//! is denied and the policy would skip it, and if any attachment's failure would end the chain with the default before
//! they are called.

mod call;
mod outcome;
mod report;

use std::cell::RefCell;
use std::marker::PhantomData;
use std::ops::ControlFlow;
use std::sync::Arc;

use tenterhook_hooks::HookPoint;
use tenterhook_hooks::codec::{Answer, Encoder};
use tenterhook_hooks::schema::{Chain, Declaration};
use tenterhook_hooks::value::Value;

pub use outcome::{CallReport, DynamicOutcome, Failure, FailureKind, Failures, Outcome};

use crate::attach::{Attachment, Closed, Inner, Requirement, Slot};
use crate::id::AttachmentId;
use crate::verdict::Verdict;
use call::{Called, arguments, call};

/// Receives a report of every call; meant for tools and statistics.
pub trait Observer {
    /// One call has ended.
    fn call(&mut self, report: &CallReport<'_>);
}

/// The observer that ignores all reports.
impl Observer for () {
    #[inline]
    fn call(&mut self, _report: &CallReport<'_>) {}
}

impl<F: FnMut(&CallReport<'_>)> Observer for F {
    fn call(&mut self, report: &CallReport<'_>) {
        self(report);
    }
}

/// A hook point of a host that can be fired. It is cheap to clone; several threads may fire it at once.
pub struct Hook<P> {
    inner: Arc<Inner>,
    slot: Arc<Slot>,
    point: PhantomData<fn() -> P>,
}

impl<P> Clone for Hook<P> {
    fn clone(&self) -> Self {
        Hook { inner: Arc::clone(&self.inner), slot: Arc::clone(&self.slot), point: PhantomData }
    }
}

impl<P: HookPoint> Hook<P> {
    pub(crate) fn new(inner: Arc<Inner>, slot: Arc<Slot>) -> Hook<P> {
        Hook { inner, slot, point: PhantomData }
    }

    /// Fires the hook point.
    #[inline]
    pub fn invoke(&self, args: &P::Args<'_>) -> Outcome<P::Results> {
        if !self.slot.is_active() {
            return Outcome::undecided(P::defaults());
        }
        self.invoke_attached(args, &mut ())
    }

    /// Fires the hook point and reports every call to `observer`.
    pub fn invoke_observed(&self, args: &P::Args<'_>, observer: &mut dyn Observer) -> Outcome<P::Results> {
        if !self.slot.is_active() {
            return Outcome::undecided(P::defaults());
        }
        self.invoke_attached(args, observer)
    }

    #[inline(never)]
    fn invoke_attached(&self, args: &P::Args<'_>, observer: &mut dyn Observer) -> Outcome<P::Results> {
        let declaration = &*self.slot.declaration;
        with_encoder(|encoder| {
            let mut encode = |encoder: &mut Encoder| {
                encoder.begin(self.slot.head);
                P::encode(args, encoder);
            };
            let run = run(&self.inner, &self.slot, encoder, &mut encode, None, observer);
            let mut failures = run.failures;
            let results = match run.answer {
                None => P::defaults(),
                Some(answer) => P::results(answer).unwrap_or_else(|mismatch| {
                    // The Rust types disagree with their own declaration, which is a bug of the host.
                    failures.push(Failure::host(format!("{}: {mismatch}", declaration.name)));
                    P::defaults()
                }),
            };
            Outcome { results, decided_by: run.decided_by, failures }
        })
    }

    /// The declaration.
    pub fn declaration(&self) -> &Arc<Declaration> {
        &self.slot.declaration
    }
}

/// A hook point whose types are known only at run time.
#[derive(Clone)]
pub struct DynamicHook {
    inner: Arc<Inner>,
    slot: Arc<Slot>,
}

impl DynamicHook {
    pub(crate) fn new(inner: Arc<Inner>, slot: Arc<Slot>) -> DynamicHook {
        DynamicHook { inner, slot }
    }

    /// The declaration.
    pub fn declaration(&self) -> &Arc<Declaration> {
        &self.slot.declaration
    }

    /// Fires the hook point with one value per argument, in order.
    pub fn invoke(&self, args: &[Value], observer: &mut dyn Observer) -> DynamicOutcome {
        self.invoke_encoded(|encoder| self.slot.declaration.encode_begun(args, encoder), observer)
    }

    /// Calls one of its attachments, enabled or not, with one value per argument, in order.
    pub fn invoke_one(
        &self,
        attachment: &Arc<Attachment>,
        args: &[Value],
        observer: &mut dyn Observer,
    ) -> DynamicOutcome {
        let declaration = &*self.slot.declaration;
        with_encoder(|encoder| {
            let mut encode = |encoder: &mut Encoder| {
                encoder.begin(self.slot.head);
                declaration.encode_begun(args, encoder);
            };
            let chain = std::slice::from_ref(attachment);
            let way = Way { slot: &self.slot, chain, requirement: None, only: None };
            run_chain(&self.inner, &way, encoder, &mut encode, observer).into()
        })
    }

    /// Fires the hook point with arguments that `encode` writes; the encoder has begun.
    pub fn invoke_encoded(&self, encode: impl FnOnce(&mut Encoder), observer: &mut dyn Observer) -> DynamicOutcome {
        with_encoder(|encoder| {
            let mut encode = Some(encode);
            let mut encode = |encoder: &mut Encoder| {
                encoder.begin(self.slot.head);
                // Arguments are encoded once.
                if let Some(encode) = encode.take() {
                    encode(encoder);
                }
            };
            run(&self.inner, &self.slot, encoder, &mut encode, None, observer).into()
        })
    }

    /// Fires the hook point with arguments that `encoder` already contains. With `only`, only the attachments of that
    /// name are called: for programs whose configuration names a script. The attachments that the hook point requires
    /// have to be there all the same.
    pub fn invoke_prepared(
        &self,
        encoder: &mut Encoder,
        only: Option<&str>,
        observer: &mut dyn Observer,
    ) -> DynamicOutcome {
        run(&self.inner, &self.slot, encoder, &mut |_| {}, only, observer).into()
    }

    /// Whether anything is attached, or the hook point is closed: one load, for callers that would spend time on the
    /// arguments.
    #[inline]
    pub fn is_active(&self) -> bool {
        self.slot.is_active()
    }
}

thread_local! {
    /// Unused encoders, one per level of nesting.
    static ENCODERS: RefCell<Vec<Encoder>> = const { RefCell::new(Vec::new()) };
}

fn with_encoder<T>(work: impl FnOnce(&mut Encoder) -> T) -> T {
    // The thread local is gone while its thread ends; a hook point that is fired in a destructor creates an encoder.
    let spare = ENCODERS.try_with(|spare| spare.borrow_mut().pop());
    let mut encoder = spare.ok().flatten().unwrap_or_default();
    let result = work(&mut encoder);
    let _ = ENCODERS.try_with(|spare| spare.borrow_mut().push(encoder));
    result
}

/// The result of a chain.
struct Run {
    answer: Option<Answer>,
    decided_by: Option<AttachmentId>,
    failures: Failures,
}

impl From<Run> for DynamicOutcome {
    fn from(run: Run) -> DynamicOutcome {
        let Run { answer, decided_by, failures } = run;
        DynamicOutcome { answer: answer.unwrap_or_else(Answer::empty), decided_by, failures }
    }
}

fn run(
    inner: &Inner,
    slot: &Slot,
    encoder: &mut Encoder,
    encode: &mut dyn FnMut(&mut Encoder),
    only: Option<&str>,
    observer: &mut dyn Observer,
) -> Run {
    let table = slot.table();
    if let (Some(closed), Some(requirement)) = (&table.closed, &table.requirement) {
        return refuse(slot, closed, requirement);
    }
    let way = Way { slot, chain: &table.chain, requirement: table.requirement.as_deref(), only };
    run_chain(inner, &way, encoder, encode, observer)
}

/// Which attachments are called.
struct Way<'a> {
    slot: &'a Slot,
    chain: &'a [Arc<Attachment>],
    requirement: Option<&'a Requirement>,
    /// Only those of that name.
    only: Option<&'a str>,
}

/// No attachment is called while a required one is missing.
#[cold]
fn refuse(slot: &Slot, closed: &Arc<Closed>, requirement: &Requirement) -> Run {
    slot.count_closed();
    let mut failures = Failures::default();
    failures.push(Failure { attachment: None, kind: FailureKind::Closed(Arc::clone(closed)) });
    Run { answer: Some(requirement.closed.clone()), decided_by: None, failures }
}

fn run_chain(
    inner: &Inner,
    way: &Way<'_>,
    encoder: &mut Encoder,
    encode: &mut dyn FnMut(&mut Encoder),
    observer: &mut dyn Observer,
) -> Run {
    let (declaration, only) = (&*way.slot.declaration, way.only);
    let mut encoded = false;
    let mut run = Run { answer: None, decided_by: None, failures: Failures::default() };
    for attachment in way.chain {
        if only.is_some_and(|name| name != attachment.name) {
            continue;
        }
        let called = match attachment.gate.admit() {
            Ok(permit) => {
                if !encoded {
                    encode(encoder);
                    encoded = true;
                }
                match arguments(encoder, declaration, attachment) {
                    Ok(arguments) => call(inner, declaration, attachment, permit, arguments),
                    Err(fault) => Called::fault(fault),
                }
            }
            Err(denied) => Called::denied(denied),
        };
        if let Err(failure) = &called.result {
            note(inner, attachment, failure);
        }
        observer.call(&called.report(attachment));
        let answer = match called.result {
            Ok(answer) if declaration.chain == Chain::Observe || answer.is_default(declaration) => continue,
            Ok(answer) => Some(answer),
            Err(failure) => {
                let verdict = way.verdict(attachment, &failure);
                run.failures.push(Failure::of(attachment, failure));
                match verdict {
                    ControlFlow::Continue(()) => continue,
                    ControlFlow::Break(answer) => answer,
                }
            }
        };
        run.answer = answer;
        run.decided_by = Some(attachment.id);
        return run;
    }
    run
}

impl Way<'_> {
    /// Applies the disposition of a failure: the next attachment is called, or the invocation ends with an answer, or
    /// with the default.
    #[cold]
    fn verdict(&self, attachment: &Attachment, failure: &FailureKind) -> ControlFlow<Option<Answer>> {
        let verdict = match failure {
            FailureKind::Fault(fault) => attachment.verdicts.for_fault(fault.cause()),
            FailureKind::Denied(denied) => attachment.verdicts.for_denial(denied.cause()),
            // No call fails like this; a closed hook point calls no attachment.
            FailureKind::Closed(_) => &Verdict::Default,
        };
        if let Some(requirement) = self.requirement
            && opens(verdict, requirement, attachment)
        {
            self.slot.count_closed();
            return ControlFlow::Break(Some(requirement.closed.clone()));
        }
        match verdict {
            _ if self.slot.declaration.chain == Chain::Observe => ControlFlow::Continue(()),
            Verdict::Skip => ControlFlow::Continue(()),
            Verdict::Default => ControlFlow::Break(None),
            Verdict::Answer(answer) => ControlFlow::Break(Some(answer.clone())),
        }
    }
}

/// Whether a failure would open a hook point that requires attachments: because it would end the chain before they are
/// called, or because it is a failure of one of them, which is as good as a missing attachment.
#[cold]
fn opens(verdict: &Verdict, requirement: &Requirement, attachment: &Attachment) -> bool {
    match verdict {
        Verdict::Default => true,
        Verdict::Skip => requirement.names(attachment.tenant(), &attachment.name),
        Verdict::Answer(_) => false,
    }
}

/// Counts and reports a call that failed or was denied.
#[cold]
fn note(inner: &Inner, attachment: &Attachment, failure: &FailureKind) {
    match failure {
        FailureKind::Fault(fault) => attachment.stats.fault(fault),
        FailureKind::Denied(denied) => attachment.stats.denied(denied.cause()),
        FailureKind::Closed(_) => {}
    }
    if inner.events.is_listened_to() {
        report::failure(&inner.events, attachment, failure);
    }
}
