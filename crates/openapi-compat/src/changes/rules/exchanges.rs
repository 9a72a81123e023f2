//! Rules about operations and what they exchange: parameters, bodies, answers, servers.
//!
//! In the calls that the server makes, what it asks is what callers get, and what they answer is what it reads: there the
//! rules about requests are those about answers, and the other way round.

use super::catalogue;
use crate::changes::rule::SemverBump::{Major, Minor};
use crate::changes::rule::Severity::{Breaking, Compatible, Documentation, Risky};
use crate::changes::rule::{CALLERS, EVERYONE, NOBODY, OTHERS, Rule, SERVERS};

catalogue! { EXCHANGES:
    PATH_REMOVED = Rule::undirected("path-removed", Breaking, EVERYONE).rust("removed", Major)
        .means("A path is gone, with all its operations.")
        .because("Every call of it is answered with 404.");
    PATH_VARIABLE_RENAMED = Rule::request("path-variable-renamed", Compatible, EVERYONE).rust("renamed", Major)
        .means("A variable of a path has another name.")
        .because("The name is not sent; it is that of a setter and of an argument.");
    OPERATION_ADDED = Rule::undirected("operation-added", Compatible, SERVERS).rust("added", Minor)
        .means("There is a new operation.")
        .because("No caller knows it; a server answers with an example until it writes the method, and implements its trait.");
    OPERATION_REMOVED = Rule::undirected("operation-removed", Breaking, EVERYONE).rust("removed", Major)
        .means("An operation is gone from a path that stays.")
        .because("Every call of it is answered with 405.");
    OPERATION_ID_CHANGED = Rule::undirected("operation-id-changed", Risky, EVERYONE).rust("renamed", Major)
        .means("An operation has another id.")
        .because("Nothing changes on the wire, but every generator names methods by it.");
    OPERATION_TAGS_CHANGED = Rule::undirected("operation-tags-changed", Risky, OTHERS)
        .means("An operation has other tags.")
        .because("Most generators sort methods into classes by tag; the effect on the Rust ones is a change of its own.");
    SERVICE_TRAIT_CHANGED = Rule::undirected("service-trait-changed", Compatible, SERVERS).rust("moved to another trait", Major)
        .means("An operation is served by another trait, because tags or paths divide the operations differently.")
        .because("Nothing changes on the wire, but a server has to move the method; `x-service-traits` prevents it.");
    OPERATION_DEPRECATED = Rule::undirected("operation-deprecated", Compatible, CALLERS)
        .means("An operation is to be used no more.")
        .because("It still works, and is likely to go.");
    OPERATION_RESTORED = Rule::undirected("operation-restored", Compatible, NOBODY)
        .means("An operation is no longer deprecated.")
        .because("Nothing has to be done.");
    CALLBACK_ADDED = Rule::undirected("callback-added", Compatible, SERVERS)
        .means("The server may call back where it did not.")
        .because("A caller who names no address is not called.");
    CALLBACK_REMOVED = Rule::undirected("callback-removed", Breaking, CALLERS)
        .means("The server no longer calls back.")
        .because("Whoever waits for the call waits in vain.");

    SERVER_ADDED = Rule::undirected("server-added", Compatible, CALLERS)
        .means("The operations can be had at a further address.")
        .because("The others stay.");
    SERVER_REMOVED = Rule::undirected("server-removed", Breaking, EVERYONE)
        .means("The operations are no longer at an address.")
        .because("Programs that use the address reach nothing; the first one is the generated base path.");
    SERVER_SPELT_DIFFERENTLY = Rule::undirected("server-spelt-differently", Documentation, NOBODY)
        .means("An address has a slash at its end, or no longer, or its scheme, host or usual port is written differently.")
        .because("The paths of operations begin with a slash, and no client sends two; hosts are the same in any case.");
    SERVER_ORDER_CHANGED = Rule::undirected("server-order-changed", Risky, EVERYONE)
        .means("The addresses have another order, or a new one comes first.")
        .because("The first one is the default of clients and the base path of servers.");
    SERVER_VARIABLES_CHANGED = Rule::undirected("server-variables-changed", Breaking, CALLERS)
        .means("A variable in an address has lost values, or has another default.")
        .because("A caller who uses the value reaches nothing, and one who leaves it out another address.");
    SERVER_VARIABLES_EXTENDED = Rule::undirected("server-variables-extended", Compatible, NOBODY)
        .means("A variable in an address may have further values.")
        .because("The others stay.");

    PARAMETER_ADDED_OPTIONAL = Rule::request("parameter-added-optional", Compatible, SERVERS).in_answers(Compatible, SERVERS).rust("added", Minor)
        .means("There is a new parameter that may be left out.")
        .because("Callers leave it out until they know it.");
    PARAMETER_ADDED_REQUIRED = Rule::request("parameter-added-required", Breaking, EVERYONE).in_answers(Compatible, SERVERS).rust("added", Major)
        .means("There is a new parameter that must be sent.")
        .because("No caller sends it yet.");
    PARAMETER_REMOVED = Rule::request("parameter-removed", Breaking, EVERYONE).in_answers(Breaking, CALLERS).rust("removed", Major)
        .means("A parameter is gone.")
        .because("A filter that is no longer read lets everything through.");
    PARAMETER_MOVED = Rule::request("parameter-moved", Breaking, EVERYONE).in_answers(Breaking, EVERYONE).rust("moved", Major)
        .means("A parameter is sent in another place: query, header or cookie.")
        .because("The server no longer looks where callers put it.");
    PARAMETER_BECAME_REQUIRED = Rule::request("parameter-became-required", Breaking, CALLERS).in_answers(Compatible, SERVERS)
        .rust("required before sending", Major)
        .means("A parameter must be sent now.")
        .because("Calls without it are refused.");
    PARAMETER_BECAME_OPTIONAL = Rule::request("parameter-became-optional", Compatible, SERVERS).in_answers(Breaking, CALLERS)
        .rust("optional for the server", Major)
        .means("A parameter may be left out now.")
        .because("Callers go on sending it; the server must do without.");
    PARAMETER_STYLE_CHANGED = Rule::request("parameter-style-changed", Breaking, EVERYONE).in_answers(Breaking, EVERYONE)
        .means("A parameter's lists or objects are written differently (`style`, `explode`).")
        .because("The server reads something else than was sent.");
    PARAMETER_RESERVED_CHANGED = Rule::request("parameter-reserved-changed", Risky, CALLERS).in_answers(Risky, CALLERS)
        .means("A parameter's reserved characters are, or are not, percent-encoded.")
        .because("It matters only to values with such characters.");
    PARAMETER_EMPTY_ALLOWED = Rule::request("parameter-empty-allowed", Compatible, SERVERS).in_answers(Risky, CALLERS)
        .means("A parameter may be sent without a value.")
        .because("Nobody does so yet.");
    PARAMETER_EMPTY_FORBIDDEN = Rule::request("parameter-empty-forbidden", Breaking, CALLERS).in_answers(Compatible, SERVERS)
        .means("A parameter may no longer be sent without a value.")
        .because("Such calls are refused.");
    PARAMETER_DEPRECATED = Rule::request("parameter-deprecated", Compatible, CALLERS).in_answers(Compatible, CALLERS)
        .means("A parameter is to be used no more.")
        .because("It still works, and is likely to go.");
    PARAMETER_RESTORED = Rule::request("parameter-restored", Compatible, NOBODY).in_answers(Compatible, NOBODY)
        .means("A parameter is no longer deprecated.")
        .because("Nothing has to be done.");
    PARAMETER_CONTENT_CHANGED = Rule::request("parameter-content-changed", Breaking, EVERYONE).in_answers(Breaking, EVERYONE)
        .rust("of another type", Major)
        .means("A parameter is serialised as another media type, or as plain text where it was one.")
        .because("The server reads something else than was sent.");

    REQUEST_BODY_ADDED_OPTIONAL = Rule::request("request-body-added-optional", Compatible, SERVERS).in_answers(Risky, CALLERS).rust("added", Minor)
        .means("A request may have a body now.")
        .because("Callers send none until they know it.");
    REQUEST_BODY_ADDED_REQUIRED = Rule::request("request-body-added-required", Breaking, EVERYONE).in_answers(Risky, CALLERS).rust("added", Major)
        .means("A request must have a body now.")
        .because("No caller sends it yet.");
    REQUEST_BODY_REMOVED = Rule::request("request-body-removed", Breaking, EVERYONE).in_answers(Breaking, CALLERS).rust("removed", Major)
        .means("A request has no body any more.")
        .because("What callers say in it is not read.");
    REQUEST_BODY_BECAME_REQUIRED = Rule::request("request-body-became-required", Breaking, CALLERS).in_answers(Compatible, SERVERS)
        .rust("required before sending", Major)
        .means("The body may no longer be left out.")
        .because("Requests without it are refused.");
    REQUEST_BODY_BECAME_OPTIONAL = Rule::request("request-body-became-optional", Compatible, SERVERS).in_answers(Breaking, CALLERS)
        .means("The body may be left out now.")
        .because("Callers go on sending it; the server must do without.");
    REQUEST_CONTENT_TYPE_ADDED = Rule::request("request-content-type-added", Compatible, SERVERS).in_answers(Risky, CALLERS)
        .means("A body may be of a further media type.")
        .because("Callers go on sending what they sent.");
    REQUEST_CONTENT_TYPE_REMOVED = Rule::request("request-content-type-removed", Breaking, EVERYONE).in_answers(Breaking, CALLERS)
        .rust("of another type", Major)
        .means("A body may no longer be of a media type.")
        .because("Such requests are answered with 415.");
    ENCODING_CHANGED = Rule::directed("encoding-changed", Breaking, EVERYONE)
        .means("The parts of a form are encoded differently.")
        .because("The other side reads something else than was sent.");
    ENCODING_WIDENED = Rule::directed("encoding-widened", Compatible, SERVERS)
        .means("The parts of a form may be encoded in further ways, or those of an answer in fewer.")
        .because("The other side reads what is sent.");

    STATUS_SPECIFIED = Rule::response("status-specified", Compatible, NOBODY).in_requests(Compatible, NOBODY).rust("given another answer", Major)
        .means("A status that a range or `default` stood for is described by itself.")
        .because("Callers must have expected it; what it holds is compared.");
    STATUS_GENERALISED = Rule::response("status-generalised", Compatible, NOBODY).in_requests(Compatible, NOBODY).rust("given another answer", Major)
        .means("A status is no longer described by itself, but by a range or `default`.")
        .because("It may still come; what it holds is compared.");
    SUCCESS_ADDED = Rule::response("success-added", Risky, EVERYONE).in_requests(Compatible, SERVERS).rust("given another answer", Major)
        .means("A request may succeed with a further status.")
        .because("A caller who compares with the known status takes it for a failure.");
    SUCCESS_REMOVED = Rule::response("success-removed", Breaking, EVERYONE).in_requests(Breaking, CALLERS).rust("given another answer", Major)
        .means("A request no longer succeeds with a status.")
        .because("A caller waits for exactly this status.");
    FAILURE_ADDED = Rule::response("failure-added", Compatible, CALLERS).in_requests(Compatible, SERVERS).rust("given another error", Minor)
        .means("A request may fail with a further status.")
        .because("Callers must expect any failure anyway.");
    FAILURE_REMOVED = Rule::response("failure-removed", Compatible, SERVERS).in_requests(Compatible, CALLERS).rust("without an error", Major)
        .means("A request is no longer said to fail with a status.")
        .because("The branch that handled it is never taken.");
    ANSWER_BODY_ADDED = Rule::response("answer-body-added", Risky, EVERYONE).in_requests(Risky, CALLERS).rust("given another answer", Major)
        .means("An answer that was empty has content.")
        .because("Most callers do not read it; a few check that there is none.");
    ANSWER_BODY_REMOVED = Rule::response("answer-body-removed", Breaking, EVERYONE).in_requests(Breaking, CALLERS).rust("given another answer", Major)
        .means("An answer no longer has content.")
        .because("What callers read is not there.");
    ANSWER_CONTENT_TYPE_ADDED = Rule::response("answer-content-type-added", Risky, CALLERS).in_requests(Compatible, SERVERS)
        .means("An answer may be of a further media type.")
        .because("A caller who does not say what it accepts may get what it cannot read.");
    ANSWER_CONTENT_TYPE_REMOVED = Rule::response("answer-content-type-removed", Breaking, EVERYONE).in_requests(Breaking, CALLERS)
        .rust("given another answer", Major)
        .means("An answer is no longer of a media type.")
        .because("Callers who accept only this one are answered with 406.");
    ANSWER_CONTENT_TYPE_NARROWED = Rule::response("answer-content-type-narrowed", Compatible, SERVERS)
        .means("An answer that could be of any media type of a range is of one of those that are named.")
        .because("Callers could not choose what they get.");
    HEADER_ADDED = Rule::response("header-added", Compatible, SERVERS).in_requests(Compatible, SERVERS)
        .means("An answer has a further header.")
        .because("Unknown headers are ignored everywhere.");
    HEADER_REMOVED = Rule::response("header-removed", Breaking, CALLERS).in_requests(Risky, CALLERS)
        .means("An answer no longer has a header.")
        .because("What callers read is not there.");
    HEADER_BECAME_REQUIRED = Rule::response("header-became-required", Compatible, SERVERS).in_requests(Breaking, CALLERS)
        .means("An answer always has a header now.")
        .because("The server must send it.");
    HEADER_BECAME_OPTIONAL = Rule::response("header-became-optional", Breaking, CALLERS).in_requests(Compatible, SERVERS)
        .means("An answer may lack a header.")
        .because("Callers rely on it.");
    HEADER_CHANGED = Rule::response("header-changed", Risky, EVERYONE).in_requests(Risky, EVERYONE)
        .means("A header is written differently or deprecated.")
        .because("Few callers read it, and those must look.");
    LINKS_CHANGED = Rule::response("links-changed", Documentation, NOBODY).in_requests(Documentation, NOBODY)
        .means("An answer's links to further operations are others.")
        .because("Links describe; no generated code follows them.");
}
