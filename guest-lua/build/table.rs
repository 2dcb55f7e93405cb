//! What the build reads from the linked module, and the one thing it changes.
//!
//! It lets the host grow the guest's function table.
//!
//! The linker fixes the table's maximum at its size and zig passes on no option to change that. The host will add
//! functions to it (compiled scripts), so the maximum is taken out here: the table section is written again, every other
//! section is copied.

/// Where the data starts that the guest writes to: constants lie before it. The linker puts out one segment of constants
/// and then one of variables.
pub fn writable_from(module: &[u8]) -> Result<u32, String> {
    const DATA_SECTION: u8 = 11;
    const I32_CONST: u8 = 0x41;
    let mut rest = module.get(8..).ok_or("the module is cut short")?;
    while let [id, tail @ ..] = rest {
        let (len, tail) = leb(tail)?;
        let (body, tail) = tail.split_at_checked(len as usize).ok_or("a section is cut short")?;
        if *id == DATA_SECTION {
            let (count, mut body) = leb(body)?;
            let mut starts = Vec::new();
            for _ in 0..count {
                let [0, I32_CONST, segment @ ..] = body else {
                    return Err("expected data segments at constant addresses".to_owned());
                };
                let (start, segment) = leb(segment)?;
                let [0x0b, segment @ ..] = segment else {
                    return Err("expected data segments at constant addresses".to_owned());
                };
                let (size, segment) = leb(segment)?;
                body = segment.get(size as usize..).ok_or("a segment is cut short")?;
                starts.push(start);
            }
            return match starts[..] {
                [constants, variables] if constants < variables => Ok(variables),
                _ => Err(format!("expected a segment of constants and one of variables, found {starts:?}")),
            };
        }
        rest = tail;
    }
    Err("the module has no data".to_owned())
}

/// The module with a table that has no maximum.
pub fn growable(module: &[u8]) -> Result<Vec<u8>, String> {
    const TABLE_SECTION: u8 = 4;
    let mut out = module.get(..8).ok_or("the module is cut short")?.to_vec();
    let mut rest = &module[8..];
    let mut seen = false;
    while let [id, tail @ ..] = rest {
        let (len, tail) = leb(tail)?;
        let (body, tail) = tail.split_at_checked(len as usize).ok_or("a section is cut short")?;
        if *id == TABLE_SECTION {
            let table = without_maximum(body)?;
            out.push(*id);
            write_leb(&mut out, table.len() as u32);
            out.extend_from_slice(&table);
            seen = true;
        } else {
            out.extend_from_slice(&rest[..rest.len() - tail.len()]);
        }
        rest = tail;
    }
    if seen { Ok(out) } else { Err("the module has no table".to_owned()) }
}

/// One table of functions, with a minimum and a maximum, becomes one with the minimum alone.
fn without_maximum(body: &[u8]) -> Result<Vec<u8>, String> {
    const FUNCREF: u8 = 0x70;
    let [1, FUNCREF, flags, limits @ ..] = body else {
        return Err("expected one table of functions".to_owned());
    };
    let (minimum, _) = leb(limits)?;
    if *flags > 1 {
        return Err(format!("expected a plain table, got one with flags {flags}"));
    }
    let mut table = vec![1, FUNCREF, 0];
    write_leb(&mut table, minimum);
    Ok(table)
}

fn leb(bytes: &[u8]) -> Result<(u32, &[u8]), String> {
    let mut value = 0u32;
    for (i, byte) in bytes.iter().enumerate().take(5) {
        value |= u32::from(byte & 0x7f) << (7 * i);
        if byte & 0x80 == 0 {
            return Ok((value, &bytes[i + 1..]));
        }
    }
    Err("a number is cut short".to_owned())
}

fn write_leb(out: &mut Vec<u8>, mut value: u32) {
    loop {
        let byte = (value & 0x7f) as u8;
        value >>= 7;
        if value == 0 {
            out.push(byte);
            return;
        }
        out.push(byte | 0x80);
    }
}
