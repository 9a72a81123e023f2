//! Calls for callers that do not await.

use syn::{ImplItem, Item, parse_quote};

use crate::passes::Plan;
use crate::syntax::tree::impls_mut;

/// Gives every builder a method `send_blocking`, if the feature `blocking` of the crate that holds the client is on.
///
/// progenitor generates async clients only (<https://github.com/oxidecomputer/progenitor/issues/344>); a second client
/// would double the generated code, where this is one line a call. Runs
/// after `one_error`, whose constant it uses.
pub(super) fn blocking_calls(items: &mut [Item], _: &Plan<'_>) -> usize {
    let mut changes = 0;
    for item in impls_mut(items).filter(|item| item.trait_.is_none()) {
        let send = item.items.iter().enumerate().find_map(|(at, member)| match member {
            ImplItem::Fn(send) if send.sig.ident == "send" => Some((at, send.sig.output.clone())),
            _ => None,
        });
        let Some((at, output)) = send else { continue };
        item.items.insert(
            at + 1,
            parse_quote! {
                /// Does what [`Self::send`] does, and blocks the thread until it is done.
                #[cfg(feature = "blocking")]
                pub fn send_blocking(self) #output {
                    runtime::wait(Self::OPERATION, self.send())
                }
            },
        );
        changes += 1;
    }
    changes
}

#[cfg(test)]
mod tests {
    use crate::syntax::tree::tests::{after, formatted};

    #[test]
    fn a_call_can_be_waited_for_without_an_executor() {
        let (source, changes) = after(
            "blocking_calls",
            "{openapi: 3.0.3, info: {title: t, version: '1'}, paths: {}}",
            "impl<'a> PetsList<'a> { pub async fn send(self) -> Result<Pets, runtime::Error> { done() } }",
        );
        assert_eq!(changes, 1);
        let expected = r#"
impl<'a> PetsList<'a> {
    pub async fn send(self) -> Result<Pets, runtime::Error> { done() }
    /// Does what [`Self::send`] does, and blocks the thread until it is done.
    #[cfg(feature = "blocking")]
    pub fn send_blocking(self) -> Result<Pets, runtime::Error> {
        runtime::wait(Self::OPERATION, self.send())
    }
}
"#;
        assert_eq!(source, formatted(expected));
    }
}
