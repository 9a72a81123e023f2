//! The methods that send a call: its values are handed to the runtime, which knows by the tables where each of them goes.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::{Body, Builder, Field};
use crate::syntax::documentation::attributes;
use crate::words;
use openapi_document::model::{AnswerForm, Form};

impl Builder<'_, '_> {
    /// Returns the methods `send` and `send_blocking`.
    pub(super) fn send(&self) -> TokenStream {
        let (good, faults) = words::of_answers(self.model, self.operation);
        let about = attributes(&sends(&good, &faults));
        let (answer, client) = (&self.answer, &self.client);
        let answers = self.operation.answers(&self.model.schemas);
        let receive = format_ident!(
            "{}",
            match answers.form {
                _ if answers.upgrades => "upgrade",
                AnswerForm::Nothing => "empty",
                AnswerForm::Text => "text",
                AnswerForm::Bytes => "bytes",
                AnswerForm::Json if answers.optional => "optional",
                AnswerForm::Json => "json",
            }
        );
        let values = self.parameters.iter().map(|Field { ident, .. }| quote!(.parameter(self.#ident)));
        let body = self.body.as_ref().map(Body::attached);
        let is_websocket = self.operation.value.get("x-dropshot-websocket").is_some();
        let websocket = is_websocket.then(|| quote!(.websocket()));
        quote! {
            #(#about)*
            pub async fn send(self) -> Result<runtime::ResponseValue<#answer>, runtime::Error> {
                let request = runtime::Request::new(&self.#client.runtime, Self::OPERATION, self.options)
                    #(#values)*
                    #body
                    #websocket;
                runtime::#receive(request).await
            }
            /// Does what [`Self::send`] does, and blocks the thread until it is done.
            #[cfg(feature = "blocking")]
            pub fn send_blocking(self) -> Result<runtime::ResponseValue<#answer>, runtime::Error> {
                runtime::wait(Self::OPERATION, self.send())
            }
        }
    }
}

impl Body {
    /// Returns the call that hands it to the request.
    fn attached(&self) -> TokenStream {
        let ty = &self.ty;
        let value = match (&self.builder, self.required) {
            (Some(_), true) => quote!(runtime::made::<#ty, _>(self.body)),
            (Some(_), false) => quote!(runtime::made_if_set::<#ty, _>(self.body)),
            (None, true) => quote!(self.body.map(Some)),
            (None, false) => quote!(self.body),
        };
        let attached = match self.form {
            Form::Json => quote!(.json(#value)),
            Form::UrlEncoded => quote!(.form(#value)),
            Form::Multipart => quote!(.multipart(#value)),
            Form::Bytes | Form::Text => quote!(.raw(#value)),
        };
        let body_as = self.has_media_types.then(|| quote!(.body_as(self.body_as)));
        quote!(#body_as #attached)
    }
}

/// Returns the documentation of `send`.
fn sends(good: &str, faults: &[String]) -> String {
    let mut words = format!(
        "Sends the request.\n\n{good}\n\n# Errors\n\
         Before anything is sent, if a parameter is missing or breaks a rule. After that, if there is no answer, none that \
         can be read, or one that says no; [`Error`](runtime::Error) tells them apart."
    );
    if !faults.is_empty() {
        words.push_str(" The document has:\n\n");
        words.push_str(&faults.join("\n"));
    }
    words
}
