//! A guest as text, honest unless told otherwise.

use std::collections::BTreeMap;
use std::fmt::Write;

use tenterhook_guest_lua::{ABI_VERSION, WRITABLE_FROM};

/// Where the guest's variables lie: behind what our own guest's constants take, as the host restores from there.
pub const BASE: u32 = WRITABLE_FROM.next_multiple_of(4096);
/// The info block.
pub const INFO: u32 = BASE;
/// An answer: `{ integer = …, text = "" }`.
pub const ANSWER: u32 = BASE + 256;
/// Room for answers that tests write.
pub const SCRATCH: u32 = BASE + 512;
/// Calls since the image.
pub const COUNTER: u32 = BASE + 1024;
/// The first byte of the script's text.
pub const MODE: u32 = BASE + 1032;
/// Replies of host calls.
pub const REPLY: u32 = BASE + 2048;
pub const REPLY_CAP: u32 = 1024;
/// Arguments.
pub const ARGS: u32 = BASE + 4096;
pub const ARGS_CAP: u32 = 4096;
/// What the host hands over before a load.
pub const BUFFER: u32 = BASE + 16384;
/// The end of what an honest guest uses.
pub const HIGH: u32 = BASE + 65536;
/// Pages of memory.
pub const PAGES: u32 = HIGH.div_ceil(65536);
/// The stack pointer between calls.
pub const STACK: u32 = 65536;

/// Fields of the info block, by position.
#[derive(Clone, Copy)]
pub enum Field {
    Abi = 0,
    DataStart = 1,
    HeapHigh = 2,
    Args = 3,
    ArgsCap = 4,
    Error = 5,
    ErrorLen = 6,
    Trace = 7,
    TraceLen = 8,
    Flags = 9,
    Reply = 10,
    ReplyCap = 11,
    Settled = 12,
    SettledLen = 13,
    Unsettled = 14,
    MemoryEnd = 15,
}

const FIELDS: usize = 16;

#[derive(Clone)]
pub struct Module {
    functions: BTreeMap<&'static str, String>,
    hostile: String,
    info: [u32; FIELDS],
    memory: String,
    stack_pointer: String,
    imports: String,
    extra: String,
}

/// An answer packed into one number, as `th_call` gives it.
pub fn packed(at: u32, len: u32) -> u64 {
    u64::from(at) << 32 | u64::from(len)
}

/// Bytes as a string of the text format.
pub fn text(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "\\{byte:02x}");
        text
    })
}

/// Tags of an answer: the table, `integer` as key, and the integer's tag; eight bytes and the end follow.
const HONEST: &[u8] = b"\x06\x05\x07\0\0\0integer\x03\0\0\0\0\0\0\0\0\x07";

impl Module {
    /// One that is honest to everybody; tests put something else into its functions.
    pub fn new() -> Module {
        let counter = HONEST.len() as u32 - 9;
        let honest = format!(
            "(i32.store (i32.const {COUNTER}) (i32.add (i32.load (i32.const {COUNTER})) (i32.const 1)))
             (i64.store (i32.const {at}) (i64.add (i64.extend_i32_u (global.get $sp))
                 (i64.mul (i64.const 1000000) (i64.extend_i32_u (i32.load (i32.const {COUNTER}))))))
             (i64.const {answer})",
            at = ANSWER + counter,
            answer = packed(ANSWER, HONEST.len() as u32),
        );
        let functions = BTreeMap::from([
            ("_initialize", "(func $initialize (export \"_initialize\"))".to_owned()),
            ("th_start", "(func $start (export \"th_start\"))".to_owned()),
            ("th_info", format!("(func $info (export \"th_info\") (result i32) (i32.const {INFO}))")),
            (
                "th_buffer",
                format!("(func $buffer (export \"th_buffer\") (param i32) (result i32) (i32.const {BUFFER}))"),
            ),
            ("th_declare", "(func $declare (export \"th_declare\") (param i32 i32))".to_owned()),
            ("th_provide", "(func $provide (export \"th_provide\") (param i32 i32))".to_owned()),
            (
                "th_load",
                format!(
                    "(func $load (export \"th_load\") (param i32 i32 i32) (result i32)
                         (i32.store8 (i32.const {MODE}) (i32.load8_u (local.get 0))) (i32.const 0))"
                ),
            ),
            ("th_seed", "(func $seed (export \"th_seed\") (param i64))".to_owned()),
            ("th_args", format!("(func $args (export \"th_args\") (param i32) (result i32) (i32.const {ARGS}))")),
            (
                "th_call",
                format!(
                    "(func $call (export \"th_call\") (param $limit i32) (result i64)
                         (if (i32.eq (i32.load8_u (i32.const {MODE})) (i32.const 72))
                             (then (return (call $hostile (local.get $limit)))))
                         {honest})"
                ),
            ),
            ("th_try_body", "(func $try_body (export \"th_try_body\") (param i32 i32 i32))".to_owned()),
        ]);
        let mut info = [0; FIELDS];
        info[Field::Abi as usize] = ABI_VERSION;
        info[Field::DataStart as usize] = BASE;
        info[Field::HeapHigh as usize] = HIGH;
        info[Field::Args as usize] = ARGS;
        info[Field::ArgsCap as usize] = ARGS_CAP;
        info[Field::Reply as usize] = REPLY;
        info[Field::ReplyCap as usize] = REPLY_CAP;
        Module {
            functions,
            hostile: format!("(i64.const {})", packed(ANSWER, HONEST.len() as u32)),
            info,
            memory: format!("(memory $memory (export \"memory\") {PAGES})"),
            stack_pointer: format!("(global $sp (export \"__stack_pointer\") (mut i32) (i32.const {STACK}))"),
            imports: String::new(),
            extra: String::new(),
        }
    }

    /// What a hostile call does; an `i64` is left, which is the answer.
    pub fn hostile(body: &str) -> Module {
        let mut module = Module::new();
        module.hostile = body.to_owned();
        module
    }

    /// A hostile call that answers with these bytes.
    pub fn answering(bytes: &[u8]) -> Module {
        let mut module = Module::hostile(&format!("(i64.const {})", packed(SCRATCH, bytes.len() as u32)));
        module.extra = format!("(data (i32.const {SCRATCH}) \"{}\")", text(bytes));
        module
    }

    /// Another function in the place of an export.
    pub fn function(mut self, export: &'static str, function: &str) -> Module {
        self.functions.insert(export, function.to_owned());
        self
    }

    /// Without an export.
    pub fn without(mut self, export: &'static str) -> Module {
        self.functions.remove(export);
        self
    }

    pub fn info(mut self, field: Field, value: u32) -> Module {
        self.info[field as usize] = value;
        self
    }

    pub fn memory(mut self, memory: &str) -> Module {
        self.memory = memory.to_owned();
        self
    }

    pub fn stack_pointer(mut self, global: &str) -> Module {
        self.stack_pointer = global.to_owned();
        self
    }

    /// Imports beyond the four that there are.
    pub fn import(mut self, import: &str) -> Module {
        self.imports.push_str(import);
        self
    }

    pub fn extra(mut self, text: &str) -> Module {
        self.extra.push_str(text);
        self
    }

    pub fn wasm(&self) -> Vec<u8> {
        let functions: String = self.functions.values().map(|function| format!("{function}\n")).collect();
        let info: Vec<u8> = self.info.iter().flat_map(|word| word.to_le_bytes()).collect();
        let module = format!(
            "(module
                (import \"tenterhook\" \"throw\" (func $throw))
                (import \"tenterhook\" \"try\" (func $try (param i32 i32 i32) (result i32)))
                (import \"tenterhook\" \"out_of_memory\" (func $out_of_memory (param i32)))
                (import \"tenterhook\" \"grow\" (func $grow (param i32) (result i32)))
                (import \"tenterhook\" \"host_call\" (func $host_call (param i32 i32 i32 i32) (result i32)))
                {}
                {}
                {}
                {functions}
                (func $hostile (param $limit i32) (result i64) {})
                (data (i32.const {INFO}) \"{}\")
                (data (i32.const {ANSWER}) \"{}\")
                {})",
            self.imports,
            self.memory,
            self.stack_pointer,
            self.hostile,
            text(&info),
            text(HONEST),
            self.extra
        );
        wat::parse_str(&module).unwrap_or_else(|error| panic!("{error}\n{module}"))
    }
}
