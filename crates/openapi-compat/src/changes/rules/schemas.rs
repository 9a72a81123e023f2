//! Rules about schemas: what is valid, in requests and in responses.
//!
//! Most are of two kinds. One that narrows breaks callers in requests and binds the server in responses; one that
//! widens does the reverse.

use super::catalogue;
use crate::changes::rule::SemverBump::{Major, Minor, Patch};
use crate::changes::rule::Severity::{Breaking, Compatible, Documentation, Risky};
use crate::changes::rule::{CALLERS, EVERYONE, NOBODY, OTHERS, Rule, SERVERS};

const NARROWS: &str = "Requests that were valid are refused; answers only promise more.";
const WIDENS: &str = "Requests that were valid stay so; answers may hold what callers do not expect.";
const BOUND_WIDENS: &str =
    "Requests that were valid stay so; in answers it hurts callers with a place of limited size.";

catalogue! { SCHEMAS:
    TYPE_CHANGED = Rule::directed("type-changed", Breaking, EVERYONE).rust("of another type", Major)
        .about_values()
        .means("Values are of another type.")
        .because("Neither side can read what the other writes.");
    TYPE_NARROWED = Rule::narrowing("type-narrowed").rust("of another type", Major)
        .means("Values are of one type where they were of any, or whole where they were any numbers.")
        .because(NARROWS);
    TYPE_WIDENED = Rule::widening("type-widened").rust("of another type", Major)
        .means("Values are of any type where they were of one, or any numbers where they were whole.")
        .because(WIDENS);
    FORMAT_CHANGED = Rule::directed("format-changed", Breaking, EVERYONE).rust("of another type", Major)
        .about_values()
        .means("Values have another format.")
        .because("What is valid in one format is not in the other.");
    FORMAT_NARROWED = Rule::narrowing("format-narrowed").rust("of another type", Major)
        .means("Values have a format where they had none, or one of smaller numbers.")
        .because(NARROWS);
    FORMAT_WIDENED = Rule::widening("format-widened").rust("of another type", Major)
        .means("Values no longer have a format, or have one of larger numbers.")
        .because(WIDENS);
    FORMAT_HINT_CHANGED = Rule::directed("format-hint-changed", Documentation, NOBODY)
        .means("A text is to be hidden where people type it (`format: password`), or no longer.")
        .because("Any text was valid, and is.");
    BECAME_NULLABLE = Rule::widening("became-nullable").rust("nullable", Major)
        .means("A value may be null.")
        .because("Callers need not send null, but readers of responses must expect it.");
    BECAME_NOT_NULLABLE = Rule::narrowing("became-not-nullable").rust("no longer nullable", Major)
        .means("A value may no longer be null.")
        .because(NARROWS);

    ENUM_ADDED = Rule::narrowing("enum-added").rust("of another type", Major)
        .means("Values are enumerated where any were valid.")
        .because(NARROWS);
    ENUM_REMOVED = Rule::widening("enum-removed").rust("of another type", Major)
        .means("Values are no longer enumerated.")
        .because(WIDENS);
    ENUM_VALUE_ADDED = Rule::widening("enum-value-added").rust("added", Minor).in_answers(Risky, OTHERS)
        .means("There is a further enumerated value.")
        .because("Generated Rust reads unknown values; most other generators close their enums.");
    ENUM_VALUE_REMOVED = Rule::narrowing("enum-value-removed").rust("removed", Major)
        .means("An enumerated value is gone.")
        .because(NARROWS);

    MAX_LENGTH_LOWERED = Rule::narrowing("max-length-lowered").rust("checked more strictly", Patch)
        .rust_ignores_answers()
        .means("Texts may not be as long as before.").because(NARROWS);
    MAX_LENGTH_RAISED = Rule::widening("max-length-raised").rust("checked less strictly", Patch)
        .in_answers(Risky, CALLERS).rust_ignores_answers()
        .means("Texts may be longer than before.").because(BOUND_WIDENS);
    MIN_LENGTH_RAISED = Rule::narrowing("min-length-raised").rust("checked more strictly", Patch)
        .rust_ignores_answers()
        .means("Texts may not be as short as before.").because(NARROWS);
    MIN_LENGTH_LOWERED = Rule::widening("min-length-lowered").rust("checked less strictly", Patch)
        .in_answers(Risky, CALLERS).rust_ignores_answers()
        .means("Texts may be shorter than before.").because(BOUND_WIDENS);
    MAX_ITEMS_LOWERED = Rule::narrowing("max-items-lowered")
        .means("Lists may not be as long as before.").because(NARROWS);
    MAX_ITEMS_RAISED = Rule::widening("max-items-raised").in_answers(Risky, CALLERS)
        .means("Lists may be longer than before.").because(BOUND_WIDENS);
    MIN_ITEMS_RAISED = Rule::narrowing("min-items-raised")
        .means("Lists may not be as short as before.").because(NARROWS);
    MIN_ITEMS_LOWERED = Rule::widening("min-items-lowered").in_answers(Risky, CALLERS)
        .means("Lists may be shorter than before.").because(BOUND_WIDENS);
    MAX_PROPERTIES_LOWERED = Rule::narrowing("max-properties-lowered")
        .means("Objects may not have as many properties as before.").because(NARROWS);
    MAX_PROPERTIES_RAISED = Rule::widening("max-properties-raised").in_answers(Risky, CALLERS)
        .means("Objects may have more properties than before.").because(BOUND_WIDENS);
    MIN_PROPERTIES_RAISED = Rule::narrowing("min-properties-raised")
        .means("Objects may not have as few properties as before.").because(NARROWS);
    MIN_PROPERTIES_LOWERED = Rule::widening("min-properties-lowered").in_answers(Risky, CALLERS)
        .means("Objects may have fewer properties than before.").because(BOUND_WIDENS);
    MAXIMUM_LOWERED = Rule::narrowing("maximum-lowered")
        .means("Numbers may not be as large as before.").because(NARROWS);
    MAXIMUM_RAISED = Rule::widening("maximum-raised").in_answers(Risky, CALLERS)
        .means("Numbers may be larger than before.").because(BOUND_WIDENS);
    MAXIMUM_EXCLUDED = Rule::narrowing("maximum-excluded")
        .means("The largest number is itself no longer valid.").because(NARROWS);
    MAXIMUM_INCLUDED = Rule::widening("maximum-included").in_answers(Risky, CALLERS)
        .means("The largest number is itself valid.").because(BOUND_WIDENS);
    MINIMUM_RAISED = Rule::narrowing("minimum-raised")
        .means("Numbers may not be as small as before.").because(NARROWS);
    MINIMUM_LOWERED = Rule::widening("minimum-lowered").in_answers(Risky, CALLERS)
        .means("Numbers may be smaller than before.").because(BOUND_WIDENS);
    MINIMUM_EXCLUDED = Rule::narrowing("minimum-excluded")
        .means("The smallest number is itself no longer valid.").because(NARROWS);
    MINIMUM_INCLUDED = Rule::widening("minimum-included").in_answers(Risky, CALLERS)
        .means("The smallest number is itself valid.").because(BOUND_WIDENS);
    MULTIPLE_OF_NARROWED = Rule::narrowing("multiple-of-narrowed")
        .means("Numbers must be multiples of a number, or of a multiple of the one before.").because(NARROWS);
    MULTIPLE_OF_WIDENED = Rule::widening("multiple-of-widened").in_answers(Risky, CALLERS)
        .means("Numbers need no longer be multiples, or only of a part of the one before.").because(BOUND_WIDENS);
    MULTIPLE_OF_CHANGED = Rule::directed("multiple-of-changed", Breaking, EVERYONE)
        .about_values()
        .means("Numbers must be multiples of another number.")
        .because("Some that were valid are not, and the other way round.");
    UNIQUE_ITEMS_ADDED = Rule::narrowing("unique-items-added").rust("of another type", Major)
        .rust_ignores_answers()
        .means("Lists may no longer repeat an item.").because(NARROWS);
    UNIQUE_ITEMS_REMOVED = Rule::widening("unique-items-removed").rust("of another type", Major)
        .in_answers(Risky, CALLERS).rust_ignores_answers()
        .means("Lists may repeat an item.").because(BOUND_WIDENS);
    PATTERN_ADDED = Rule::narrowing("pattern-added").rust("checked more strictly", Patch).rust_ignores_answers()
        .means("Texts must match a pattern.").because(NARROWS);
    PATTERN_REMOVED = Rule::widening("pattern-removed").rust("checked less strictly", Patch)
        .in_answers(Risky, CALLERS).rust_ignores_answers()
        .means("Texts need no longer match a pattern.").because(BOUND_WIDENS);
    PATTERN_EXCLUDES = Rule::directed("pattern-excludes", Breaking, EVERYONE).rust("checked differently", Patch)
        .rust_ignores_answers().about_values()
        .means("Texts must match another pattern, which a text that matched the former does not.")
        .because("In requests, texts that were valid are refused; answers may hold what callers do not expect.");
    PATTERN_CHANGED = Rule::directed("pattern-changed", Risky, EVERYONE).rust("checked differently", Patch)
        .rust_ignores_answers()
        .about_values()
        .means("Texts must match another pattern.")
        .because("Which of two patterns is wider is unknown.");

    PROPERTY_ADDED_OPTIONAL = Rule::directed("property-added-optional", Compatible, SERVERS).rust("added", Major)
        .about_values()
        .means("An object may have a further property.")
        .because("Callers leave it out, and overlook it; Rust code that builds the struct by its fields must name it.");
    PROPERTY_ADDED_REQUIRED = Rule::directed("property-added-required", Breaking, EVERYONE).rust("added", Major)
        .in_answers(Compatible, SERVERS)
        .about_values()
        .means("An object must have a further property.")
        .because("No caller sends it yet; in answers it is overlooked.");
    REQUIRED_PROPERTY_REMOVED = Rule::directed("required-property-removed", Risky, EVERYONE).rust("removed", Major)
        .in_answers(Breaking, EVERYONE)
        .about_values()
        .means("A property that every object had is gone.")
        .because("A server rejects or ignores a property that callers still send; in responses they miss it.");
    OPTIONAL_PROPERTY_REMOVED = Rule::directed("optional-property-removed", Risky, EVERYONE).rust("removed", Major)
        .about_values()
        .means("A property that an object could have is gone.")
        .because("What callers go on sending has no effect; in answers they must expect its absence already.");
    PROPERTY_BECAME_REQUIRED = Rule::narrowing("property-became-required").rust("required", Major)
        .means("An object must have a property that it could have.")
        .because("Requests without it are refused; answers only promise more.");
    PROPERTY_BECAME_OPTIONAL = Rule::widening("property-became-optional").rust("optional", Major)
        .means("An object may lack a property that it must have had.")
        .because("Requests that have it stay valid; answers may lack what callers read.");
    BECAME_READ_ONLY = Rule::directed("became-read-only", Risky, EVERYONE).in_answers(Compatible, NOBODY)
        .means("A property is only in answers now.")
        .because("What callers go on sending has no effect.");
    BECAME_WRITABLE = Rule::directed("became-writable", Compatible, SERVERS).in_answers(Compatible, NOBODY)
        .means("A property that was only in answers can be sent.")
        .because("Nobody sends it yet; where it is required, that is judged besides.");
    BECAME_WRITE_ONLY = Rule::directed("became-write-only", Compatible, NOBODY).in_answers(Breaking, CALLERS)
        .means("A property is only in requests now.")
        .because("What callers read is not there.");
    BECAME_READABLE = Rule::directed("became-readable", Compatible, NOBODY).in_answers(Compatible, SERVERS)
        .means("A property that was only in requests is in answers too.")
        .because("Callers overlook it.");
    HIDDEN_PROPERTY_CHANGED = Rule::directed("hidden-property-changed", Compatible, NOBODY)
        .rust("changed", Major)
        .means("A property changed that this direction does not have (`readOnly`, `writeOnly`).")
        .because("It is not exchanged; it only shows in generated types.");
    DEFAULT_ADDED = Rule::directed("default-added", Compatible, NOBODY).rust("given a default", Minor)
        .rust_ignores_answers()
        .means("It is said what leaving a value out means.")
        .because("Usually it only says what was so before.");
    DEFAULT_REMOVED = Rule::directed("default-removed", Risky, CALLERS).rust("without its default", Major)
        .in_answers(Compatible, NOBODY).rust_ignores_answers()
        .means("It is no longer said what leaving a value out means.")
        .because("Callers who leave it out no longer know what they ask for.");
    DEFAULT_CHANGED = Rule::directed("default-changed", Risky, EVERYONE).rust("given another default", Major)
        .in_answers(Compatible, NOBODY).rust_ignores_answers()
        .means("Leaving a value out means something else.")
        .because("The same request asks for something else.");
    SCHEMA_DEPRECATED = Rule::directed("schema-deprecated", Compatible, CALLERS)
        .means("A property or a type is to be used no more.")
        .because("It still works, and is likely to go.");
    SCHEMA_RESTORED = Rule::directed("schema-restored", Compatible, NOBODY)
        .means("A property or a type is no longer deprecated.")
        .because("Nothing has to be done.");

    ADDITIONAL_CLOSED = Rule::narrowing("additional-properties-closed").rust("without further properties", Major)
        .means("Objects may no longer have properties that are not named.").because(NARROWS);
    ADDITIONAL_OPENED = Rule::widening("additional-properties-opened").rust("open to further properties", Major)
        .in_answers(Risky, OTHERS)
        .means("Objects may have properties that are not named.")
        .because("Strict readers reject unknown properties.");
    ADDITIONAL_TYPED = Rule::narrowing("additional-properties-typed").rust("of another type", Major)
        .means("Properties that are not named must match a schema.").because(NARROWS);
    ADDITIONAL_UNTYPED = Rule::widening("additional-properties-untyped").rust("of another type", Major)
        .means("Properties that are not named may be anything.").because(WIDENS);
    ADDITIONAL_DECLARED = Rule::directed("additional-properties-declared", Compatible, NOBODY)
        .rust("of another type", Major)
        .means("That objects may have further properties is said expressly, or no longer is.")
        .because("It is the default, but generators keep such properties only where it is written.");

    ALL_OF_ADDED = Rule::narrowing("all-of-added").rust("of another type", Major)
        .means("Values must match a further schema (`allOf`).").because(NARROWS);
    ALL_OF_REMOVED = Rule::widening("all-of-removed").rust("of another type", Major)
        .means("Values need no longer match a schema (`allOf`).").because(WIDENS);
    ALTERNATIVE_ADDED = Rule::widening("alternative-added").rust("given another variant", Major)
        .means("Values may match a further schema (`oneOf`, `anyOf`).").because(WIDENS);
    ALTERNATIVE_REMOVED = Rule::narrowing("alternative-removed").rust("without a variant", Major)
        .means("Values may no longer match a schema (`oneOf`, `anyOf`).").because(NARROWS);
    ALTERNATIVES_CHANGED = Rule::directed("alternatives-changed", Breaking, EVERYONE).rust("of another type", Major)
        .about_values()
        .means("Values are one of several schemas where they were of one, or the reverse.")
        .because("The two are read in different ways.");
    NOT_CHANGED = Rule::directed("not-changed", Breaking, EVERYONE)
        .about_values()
        .means("What values must not match is another schema.")
        .because("Values that were valid may not be any more, or the reverse; where neither is so, nothing is said.");
    CONDITION_CHANGED = Rule::directed("condition-changed", Breaking, EVERYONE)
        .about_values()
        .means("A keyword of JSON Schema 2020-12 that only validates values, such as `if` or `patternProperties`, says something else.")
        .because("Values that were valid may not be any more, or the reverse; where neither is so, nothing is said.");
    DISCRIMINATOR_ADDED = Rule::directed("discriminator-added", Risky, EVERYONE).rust("of another type", Major)
        .means("A property discriminates the alternatives.")
        .because("It must be there and hold a known name from now on.");
    DISCRIMINATOR_REMOVED = Rule::directed("discriminator-removed", Risky, EVERYONE).rust("of another type", Major)
        .means("No property discriminates the alternatives any more.")
        .because("They must be distinguished by their content.");
    DISCRIMINATOR_CHANGED = Rule::directed("discriminator-changed", Breaking, EVERYONE).rust("of another type", Major)
        .means("Another property discriminates the alternatives.")
        .because("The reader looks at the wrong one.");
    MAPPING_ADDED = Rule::widening("discriminator-value-added").rust("given another variant", Major)
        .in_answers(Risky, EVERYONE)
        .about_reading()
        .means("There is a further name for an alternative.").because(WIDENS);
    MAPPING_REMOVED = Rule::narrowing("discriminator-value-removed").rust("without a variant", Major)
        .about_reading()
        .means("A name for an alternative is gone.").because(NARROWS);
    MAPPING_CHANGED = Rule::directed("discriminator-value-changed", Breaking, EVERYONE).rust("of another type", Major)
        .means("A name selects another alternative.")
        .because("The reader reads something else than was written.");

    VALUES_NOT_COVERED = Rule::directed("values-not-covered", Breaking, EVERYONE)
        .means("Other values are valid, although no single keyword shows it, or it could not be shown that they are the same.")
        .because("In requests, values that were valid may be refused; answers may hold what callers do not expect.");
    VALUES_PARTLY_COVERED = Rule::request("values-partly-covered", Risky, EVERYONE)
        .means("A property is not read any more, although no single keyword shows it.")
        .because("What callers go on sending has no effect.");
    SCHEMA_REWRITTEN = Rule::directed("schema-rewritten", Compatible, NOBODY).rust("of another type", Major)
        .means("A schema has another form, and every exchange stays valid.")
        .because("Nothing changes on the wire, but generated types may have another form.");
    CONSTRAINT_WITHOUT_EFFECT = Rule::directed("constraint-without-effect", Documentation, NOBODY)
        .means("A constraint is another that excludes nothing besides what was excluded.")
        .because("Nothing changes on the wire, nor in generated types.");

    SCHEMA_RENAMED = Rule::directed("schema-renamed", Risky, EVERYONE).rust("of another type", Major)
        .means("A component of another name is used.")
        .because("Nothing changes on the wire, but every generator names types by it.");
    SCHEMA_PLACED = Rule::directed("schema-placed-elsewhere", Compatible, EVERYONE).rust("of another type", Major)
        .means("A schema that stood in place is a component, or the reverse.")
        .because("Nothing changes on the wire; generated types have other names.");
    XML_CHANGED = Rule::directed("xml-changed", Breaking, EVERYONE)
        .means("Values are written differently in XML, and XML is exchanged.")
        .because("The other side reads elements and attributes of other names.");
    XML_HINT_CHANGED = Rule::directed("xml-hint-changed", Documentation, NOBODY)
        .means("What is said of XML is another, but nothing is exchanged in XML, or it is written as before.")
        .because("It matters only to those who exchange XML.");
    X_INTEGER_CHANGED = Rule::directed("integer-mark-changed", Compatible, NOBODY).rust("of another type", Major)
        .means("Numbers are, or are no longer, marked as always whole (`x-integer`).")
        .because("Values on the wire are as they were; the Rust type is another.");
}
