//! The types that construct a client and make its calls: those of the runtime, wrapped so that they can have operations
//! and setters of their own.

use proc_macro2::TokenStream;
use quote::quote;

use super::security;
use crate::rust::{RustFile, not_rust};
use openapi_document::error::Result;
use openapi_document::model::{Model, Server, Variable};

/// Writes `Client` and `ClientBuilder`, whose answers are read by the constant `dialect`.
pub(super) fn file(model: &Model<'_>, dialect: Option<&str>) -> Result<RustFile> {
    let document = model.document;
    let mut file = RustFile::new("Construction of a client.").allow("clippy::all, clippy::pedantic");
    let head = quote! {
        use ::openapi_client_runtime::codegen::Api;
        use ::openapi_client_runtime::header::HeaderMap;
        use ::openapi_client_runtime::{Attempt, DriftReport, Error, Method, OtherRequest, Retries};
    };
    file.push_tokens(document, None, head)?;
    let dialect: syn::Path = syn::parse_str(dialect.unwrap_or("::openapi_client_runtime::Plain"))
        .map_err(|fault| not_rust(document, "", &fault))?;
    let api = quote! {
        /// Describes the API to the runtime.
        static API: Api = Api {
            user_agent: concat!(env!("CARGO_PKG_NAME"), "/", env!("CARGO_PKG_VERSION")),
            servers: Client::SERVERS,
            dialect: &#dialect,
        };
    };
    file.push_tokens(document, None, api)?;
    file.push_tokens(document, None, client())?;
    let servers = model.servers.iter().map(server);
    let servers = quote! {
        impl Client {
            /// The servers that the document names, the usual one first.
            ///
            /// [`url_with`](::openapi_client_runtime::Server::url_with) chooses values for the variables of one, for
            /// [`builder`](Self::builder).
            pub const SERVERS: &[::openapi_client_runtime::Server] = &[#(#servers),*];
        }
    };
    file.push_tokens(document, Some("/servers"), servers)?;
    file.push_tokens(document, None, builder())?;
    for (pointer, item) in security::setters(model) {
        file.push(pointer.as_deref(), [item]);
    }
    Ok(file)
}

/// Writes a server for the runtime.
pub(super) fn server(server: &Server<'_>) -> TokenStream {
    let Server { url, variables, .. } = server;
    let variables = variables.iter().map(|Variable { name, default, values }| {
        quote!(::openapi_client_runtime::Variable { name: #name, default: #default, values: &[#(#values),*] })
    });
    quote!(::openapi_client_runtime::Server { url: #url, variables: &[#(#variables),*] })
}

fn client() -> TokenStream {
    quote! {
        /// A client of one deployment. Cloning it is cheap, and clones share their connections.
        #[derive(Clone)]
        pub struct Client {
            pub(crate) runtime: ::openapi_client_runtime::Client,
        }

        impl Client {
            /// Starts the construction of a client for the deployment at `url`.
            ///
            /// That is the URL of its host, such as `https://api.example.com`, with the path it is deployed at if there
            /// is one; the path of the API itself may be there or not.
            pub fn builder(url: impl Into<String>) -> ClientBuilder {
                ClientBuilder { runtime: ::openapi_client_runtime::ClientBuilder::new(&API, url) }
            }

            /// Returns the URL that the paths of all operations follow.
            #[must_use]
            pub fn base_url(&self) -> &str {
                self.runtime.base_url()
            }

            /// Starts a request that the document does not have, of the method `method` for the path `path` below
            /// [`base_url`](Self::base_url).
            ///
            /// It carries all credentials and headers of the client, and has its hooks, retries, limits and errors:
            /// `client.request("GET", "/path/").query("name", 1).send::<T>().await`.
            pub fn request<M: ::std::convert::TryInto<Method>>(
                &self,
                method: M,
                path: impl Into<String>,
            ) -> OtherRequest<'_> {
                self.runtime.request(method, path)
            }
        }

        impl ::std::fmt::Debug for Client {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                ::std::fmt::Debug::fmt(&self.runtime, f)
            }
        }
    }
}

fn builder() -> TokenStream {
    quote! {
        /// Sets up a [`Client`].
        ///
        /// Each security scheme of the document has a setter by its name. A request carries the credentials that its
        /// operation asks for; without any, it is anonymous.
        #[derive(Clone)]
        #[must_use]
        pub struct ClientBuilder {
            runtime: ::openapi_client_runtime::ClientBuilder,
        }

        impl ClientBuilder {
            /// Names the program that makes the requests, instead of this crate.
            pub fn user_agent(mut self, user_agent: impl Into<String>) -> Self {
                self.runtime = self.runtime.user_agent(user_agent);
                self
            }

            /// Bounds how long a call may take: all attempts, the waits between them, and the answer; 30 seconds unless
            /// set.
            ///
            /// [`CallOptions::timeout`](::openapi_client_runtime::CallOptions::timeout) sets it for one call.
            pub fn timeout(mut self, timeout: ::std::time::Duration) -> Self {
                self.runtime = self.runtime.timeout(timeout);
                self
            }

            /// Bounds how many bytes an answer may have; 64 MiB unless set.
            ///
            /// A longer one is not read to its end: the call fails with [`Error::BodyTooLarge`]. An answer that is an error
            /// anyway is cut there.
            pub fn body_limit(mut self, bytes: usize) -> Self {
                self.runtime = self.runtime.body_limit(bytes);
                self
            }

            /// Says how often a call is tried; see [`Retries`] for what is tried again unless set.
            ///
            /// [`CallOptions::retries`](::openapi_client_runtime::CallOptions::retries) sets it for one call.
            pub fn retries(mut self, retries: Retries) -> Self {
                self.runtime = self.runtime.retries(retries);
                self
            }

            /// Sends a header with every request, such as one that a proxy in front of the server asks for.
            ///
            /// Its value is taken for a secret: no `Debug` shows it.
            pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
                self.runtime = self.runtime.header(name, value);
                self
            }

            /// Shows `hook` the headers of every request before it is sent, those of credentials among them, to add or
            /// change some.
            ///
            /// It runs for every attempt, so it can sign, count or trace each of them, or bring a token that was renewed.
            pub fn on_request(
                mut self,
                hook: impl Fn(&Attempt, &mut HeaderMap) + Send + Sync + 'static,
            ) -> Self {
                self.runtime = self.runtime.on_request(hook);
                self
            }

            /// Tells `hook` of every answer that is not what the document describes, each page of a stream among them.
            ///
            /// It runs before the call has its answer, on the thread that waits for it.
            /// [`CallOptions::on_drift`](::openapi_client_runtime::CallOptions::on_drift) sets it for one call.
            pub fn on_drift(mut self, hook: impl Fn(&DriftReport<'_>) + Send + Sync + 'static) -> Self {
                self.runtime = self.runtime.on_drift(hook);
                self
            }

            /// Returns the client.
            ///
            /// # Errors
            /// If the URL is no place where an API can be, or credentials or the value of a header cannot be sent.
            pub fn build(self) -> Result<Client, Error> {
                Ok(Client { runtime: self.runtime.build()? })
            }
        }

        impl ::std::fmt::Debug for ClientBuilder {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                ::std::fmt::Debug::fmt(&self.runtime, f)
            }
        }
    }
}
