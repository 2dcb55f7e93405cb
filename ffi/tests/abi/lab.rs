//! A host with one hook point of everything there is, set up as C would.

use std::ffi::{CStr, CString};
use std::ptr::{null, null_mut};

use tenterhook_ffi::args::*;
use tenterhook_ffi::attach::*;
use tenterhook_ffi::builder::*;
use tenterhook_ffi::hook::*;
use tenterhook_ffi::host::*;
use tenterhook_ffi::invoke::*;
use tenterhook_ffi::lists::*;
use tenterhook_ffi::outcome::*;
use tenterhook_ffi::scalars::*;
use tenterhook_ffi::slots::th_slot;
use tenterhook_ffi::status::th_error_message;
use tenterhook_ffi::status::th_status::*;
use tenterhook_ffi::types::*;
use tenterhook_ffi::value::*;
use tenterhook_ffi::*;

pub fn c(text: &str) -> CString {
    CString::new(text).unwrap()
}

pub fn error() -> String {
    // SAFETY: the message is never null and ends with a NUL.
    unsafe { CStr::from_ptr(th_error_message()) }.to_str().unwrap().to_owned()
}

pub fn options() -> th_host_options {
    th_host_options {
        abi: TH_ABI_VERSION,
        threads: 2,
        executors: 8,
        folder: null(),
        cache: null(),
        log: None,
        log_context: null_mut(),
    }
}

/// A host with one hook point of its own, of everything there is, and a script at it.
pub struct Lab {
    pub host: *mut th_host,
    pub hook: *mut th_hook,
    pub args: *mut th_args,
    pub outcome: *mut th_outcome,
    pub id: u64,
}

pub const SCRIPT: &str = r#"
function everything(b, i, f, text, bytes, address, prefix, color, maybe, numbers, tags, paths, record)
    if text == "fail" then error("as asked") end
    local sum = 0
    for _, n in ipairs(numbers) do sum = sum + n end
    local seen = {}
    for key, value in pairs(tags) do seen[key] = value * 2 end
    local hops = {}
    for k, path in ipairs(paths) do hops[k] = path.name .. "@" .. path.hops[#path.hops].string end
    return {
        sum = sum, seen = seen, hops = hops, where = address, net = prefix, color = color, yes = not b,
        half = f / 2, raw = bytes .. "\0" .. text, maybe = maybe,
        record = { count = record.count + i, note = text },
    }
end
"#;

impl Lab {
    pub fn new() -> Lab {
        Lab::with(SCRIPT)
    }

    pub fn with(script: &str) -> Lab {
        let mut lab = Lab { host: null_mut(), hook: null_mut(), args: null_mut(), outcome: null_mut(), id: 0 };
        // SAFETY: every pointer is what the functions say, and lives until after the call.
        unsafe {
            assert_eq!(th_host_new(&options(), &mut lab.host), TH_OK, "{}", error());
            let builder = declare();
            assert_eq!(th_hook_declare(lab.host, builder, &mut lab.hook), TH_OK, "{}", error());
            th_builder_free(builder);
            let (hook, tenant) = (c("test.everything"), c("acme"));
            let what = attach(&hook, &tenant, script);
            assert_eq!(th_host_attach(lab.host, &what, &mut lab.id), TH_OK, "{}", error());
            assert_eq!(th_args_new(lab.hook, &mut lab.args), TH_OK);
            assert_eq!(th_outcome_new(lab.hook, &mut lab.outcome), TH_OK);
        }
        lab
    }

    pub fn slot(&self, path: &str) -> th_slot {
        let (path, mut slot) = (c(path), 0);
        // SAFETY: the hook lives, and the text ends with a NUL.
        assert_eq!(unsafe { th_hook_slot(self.hook, path.as_ptr(), &mut slot) }, TH_OK, "{}", error());
        slot
    }

    pub fn get(&self, path: &str) -> Option<th_value> {
        let (path, mut field) = (c(path), 0);
        let mut value = th_value { value: null(), ty: null() };
        // SAFETY: hook and outcome live, and the text ends with a NUL.
        unsafe {
            assert_eq!(th_hook_field(self.hook, path.as_ptr(), &mut field), TH_OK, "{}", error());
            match th_outcome_get(self.outcome, field, &mut value) {
                TH_OK => Some(value),
                status => {
                    assert_eq!(status, TH_ABSENT);
                    None
                }
            }
        }
    }

    pub fn int(&self, path: &str) -> i64 {
        let mut number = 0;
        // SAFETY: the value is of an outcome that lives.
        assert_eq!(unsafe { th_value_int(self.get(path).unwrap(), &mut number) }, TH_OK, "{path}: {}", error());
        number
    }

    /// Sets everything, as `SCRIPT` expects it.
    pub fn fill(&self, text: &str) {
        let args = self.args;
        // SAFETY: the arguments live, and what is pointed to has the length that is said.
        unsafe {
            assert_eq!(th_args_begin(args), TH_OK);
            assert_eq!(th_args_set_bool(args, self.slot("b"), true), TH_OK);
            assert_eq!(th_args_set_int(args, self.slot("i"), 7), TH_OK);
            assert_eq!(th_args_set_float(args, self.slot("f"), 5.0), TH_OK);
            assert_eq!(th_args_set_string(args, self.slot("text"), text.as_ptr().cast(), text.len()), TH_OK);
            assert_eq!(th_args_set_string(args, self.slot("bytes"), [0xffu8, 0].as_ptr().cast(), 2), TH_OK);
            assert_eq!(th_args_set_address(args, self.slot("address"), 2, [192, 0, 2, 1].as_ptr()), TH_OK);
            let net = "2001:db8::".parse::<std::net::Ipv6Addr>().unwrap().octets();
            assert_eq!(th_args_set_prefix(args, self.slot("prefix"), 10, net.as_ptr(), 32), TH_OK);
            assert_eq!(th_args_set_int(args, self.slot("color"), 20), TH_OK);
            assert_eq!(th_args_set_int(args, self.slot("maybe"), 3), TH_OK);
            assert_eq!(th_args_set_u32s(args, self.slot("numbers"), [1, 2, 39].as_ptr(), 3), TH_OK);
            assert_eq!(th_args_set_count(args, self.slot("tags"), 2), TH_OK);
            for (at, key) in ["one", "two"].into_iter().enumerate() {
                assert_eq!(th_args_entry(args, self.slot("tags"), at, key.as_ptr().cast(), 3), TH_OK);
                assert_eq!(th_args_set_int(args, self.slot("tags[]"), at as i64 + 1), TH_OK);
            }
            assert_eq!(th_args_set_count(args, self.slot("paths"), 2), TH_OK);
            for (at, name) in ["red", "blue"].into_iter().enumerate() {
                let name = c(name);
                assert_eq!(th_args_element(args, self.slot("paths"), at), TH_OK);
                assert_eq!(th_args_set_text(args, self.slot("paths[].name"), name.as_ptr()), TH_OK);
                assert_eq!(th_args_set_count(args, self.slot("paths[].hops"), at + 1), TH_OK);
                for hop in 0..=at {
                    let address = [10, 0, at as u8, hop as u8];
                    assert_eq!(th_args_element(args, self.slot("paths[].hops"), hop), TH_OK);
                    assert_eq!(th_args_set_address(args, self.slot("paths[].hops[]"), 4, address.as_ptr()), TH_OK);
                }
            }
            assert_eq!(th_args_set_ints(args, self.slot("record.count"), [100, 200].as_ptr(), 2), TH_OK);
        }
    }

    pub fn invoke(&self) {
        // SAFETY: both live.
        assert_eq!(unsafe { th_invoke(self.args, null(), self.outcome) }, TH_OK, "{}", error());
    }

    /// The first failure: whether denied, cause, message.
    pub fn failure(&self) -> Option<(bool, String, String)> {
        let mut failure = th_failure { attachment: 0, denied: false, cause: null(), message: null() };
        // SAFETY: the outcome lives; the texts end with NULs.
        unsafe {
            if th_outcome_failure(self.outcome, 0, &mut failure) != TH_OK {
                return None;
            }
            let text = |text| CStr::from_ptr(text).to_str().unwrap().to_owned();
            Some((failure.denied, text(failure.cause), text(failure.message)))
        }
    }
}

impl Drop for Lab {
    fn drop(&mut self) {
        // SAFETY: all made by these functions, and used by nobody any more.
        unsafe {
            th_outcome_free(self.outcome);
            th_args_free(self.args);
            th_hook_free(self.hook);
            th_host_free(self.host);
        }
    }
}

pub fn attach(hook: &CStr, tenant: &CStr, script: &str) -> th_attach {
    th_attach {
        hook: hook.as_ptr(),
        tenant: tenant.as_ptr(),
        name: null(),
        path: null(),
        source: script.as_ptr().cast(),
        source_len: script.len(),
        order: 0,
        state: 0,
    }
}

/// The declaration that `SCRIPT` is for.
pub fn declare() -> *mut th_builder {
    let mut b = null_mut();
    let doc = c("What it is.");
    // SAFETY: every text ends with a NUL and lives, and lists have the length that is said.
    unsafe {
        assert_eq!(th_builder_new(c"test.everything".as_ptr(), 3, doc.as_ptr(), &mut b), TH_OK);
        let (int, text) = (th_type_integer(b, 0, 1000), th_type_text(b, 16));
        let bytes = th_type_bytes(b, 64);
        let address = th_type_address(b);
        let variants = [(c"RED", 10), (c"BLUE", 20)];
        let variants = variants.map(|(name, value)| th_variant { name: name.as_ptr(), value, doc: null() });
        let color = th_type_enum(b, c"color".as_ptr(), null(), variants.as_ptr(), 2);
        let path = [(c"name", text, false), (c"hops", th_type_list(b, address, 4), false)];
        let record = [(c"count", int, true), (c"more", int, false), (c"note", text, true)];
        let members = |of: &[(&CStr, th_type, bool)]| -> Vec<th_member> {
            let member = |(name, ty, writable): &(&CStr, _, _)| th_member {
                name: name.as_ptr(),
                ty: *ty,
                writable: *writable,
                doc: null(),
            };
            of.iter().map(member).collect()
        };
        let path = th_type_record(b, c"path".as_ptr(), null(), members(&path).as_ptr(), 2);
        let record = th_type_record(b, c"thing".as_ptr(), null(), members(&record).as_ptr(), 3);
        let (boolean, float, prefix) = (th_type_boolean(b), th_type_float(b), th_type_prefix(b));
        let (maybe, numbers) = (th_type_optional(b, int), th_type_list(b, int, 8));
        let (tags, paths, texts) = (th_type_map(b, int, 8), th_type_list(b, path, 8), th_type_list(b, text, 8));
        let arguments = [
            (c"b", boolean),
            (c"i", int),
            (c"f", float),
            (c"text", text),
            (c"bytes", bytes),
            (c"address", address),
            (c"prefix", prefix),
            (c"color", color),
            (c"maybe", maybe),
            (c"numbers", numbers),
            (c"tags", tags),
            (c"paths", paths),
            (c"record", record),
        ];
        for (name, ty) in arguments {
            assert_eq!(th_builder_argument(b, name.as_ptr(), ty, name == c"record", doc.as_ptr()), TH_OK);
        }
        let (where_, net) = (th_type_optional(b, address), th_type_optional(b, prefix));
        let results = [
            (c"sum", int, c"0"),
            (c"seen", tags, c"{}"),
            (c"hops", texts, c"[]"),
            (c"where", where_, c"null"),
            (c"net", net, c"null"),
            (c"color", color, c"\"RED\""),
            (c"yes", boolean, c"true"),
            (c"half", float, c"0.5"),
            (c"raw", bytes, c"\"\""),
            (c"maybe", maybe, c"null"),
        ];
        for (name, ty, default) in results {
            let status = th_builder_result(b, name.as_ptr(), ty, default.as_ptr(), doc.as_ptr());
            assert_eq!(status, TH_OK, "{}", error());
        }
    }
    b
}

pub fn string(value: th_value) -> Vec<u8> {
    let (mut at, mut len) = (null(), 0);
    // SAFETY: the value is of an outcome that lives, and the string is as long as it says.
    unsafe {
        assert_eq!(th_value_string(value, &mut at, &mut len), TH_OK, "{}", error());
        std::slice::from_raw_parts(at.cast::<u8>(), len).to_vec()
    }
}

pub fn item(of: th_value, index: usize) -> Option<th_value> {
    let mut out = th_value { value: null(), ty: null() };
    // SAFETY: the value is of an outcome that lives.
    (unsafe { th_value_item(of, index, &mut out) } == TH_OK).then_some(out)
}
