//! Programs that show how Tenterhook is embedded; each is one file beside this folder.
//!
//! | example | what it shows |
//! | --- | --- |
//! | `hello_hook` | declare a hook point, attach a script, call it |
//! | `two_tenants` | two tenants' scripts at one hook point, one of them hostile, under a policy |
//! | `control_socket` | a server that operators attach scripts to while it runs |
//! | `opentelemetry` | what happens in calls, as OpenTelemetry spans |
//!
//! `cargo run -p tenterhook-examples --example hello_hook`

#![forbid(unsafe_code)]
