//! Warnings about changes of an argument that no answer contains: they are lost silently when the script runs.

use tenterhook::hooks::schema::Declaration;

use super::remark::Remark;
use super::scan::{Access, Expr, Function, Literal, Local, Path, Root, Scan};
use super::views::Views;

/// The first change of each argument all of whose changes are lost.
pub fn judge(scan: &Scan, of: &Declaration, views: &Views<'_>) -> Vec<Remark> {
    let handlers = scan.functions.iter().filter(|function| function.name == of.handler);
    let mut remarks = Vec::new();
    for handler in handlers {
        for (argument, local) in of.arguments.iter().zip(&handler.parameters).filter(|(argument, _)| argument.inout) {
            let changes = scan.accesses.iter().filter(|access| access.set);
            let applies = |access: &&Access| {
                views
                    .part(&access.base)
                    .is_some_and(|part| part.local == *local && views.is_writable(&part, &access.field))
            };
            let first = changes.filter(applies).map(|access| access.location).min();
            if let Some(location) = first.filter(|_| no_answer_gives(scan, handler, &argument.name)) {
                let name = &argument.name;
                remarks.push((
                    location,
                    format!(
                        "this change of {name} is lost: no answer of {} contains the key '{name}', as in {{ {name} = {name} }}",
                        handler.name
                    ),
                ));
            }
        }
    }
    remarks
}

/// Whether every answer is literal, and none has that key.
fn no_answer_gives(scan: &Scan, handler: &Function, key: &str) -> bool {
    handler.returns.iter().all(|returned| lacks(scan, returned, key))
}

fn lacks(scan: &Scan, returned: &Expr, key: &str) -> bool {
    match &returned.literal {
        Literal::Nil => true,
        Literal::Table { keys, whole: true, .. } => keys.iter().all(|written| written.name != key),
        Literal::Path(Path { root: Root::Local(id), fields }) if fields.is_empty() => {
            // A local that is only used for its fields contains exactly what is written here.
            let Some(Local { reassigned: false, table: Some(table), reads: 0, .. }) = scan.locals.get(*id) else {
                return false;
            };
            let base = Path { root: Root::Local(*id), fields: Vec::new() };
            lacks(scan, table, key)
                && !scan.accesses.iter().any(|access| access.set && access.base == base && access.field == key)
                && !scan.elements.iter().any(|element| element.set && element.base.as_ref() == Some(&base))
        }
        _ => false,
    }
}
