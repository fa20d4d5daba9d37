//! Slots: what has been told to a builder so far, as types that stand in its own type.
//!
//! A list of slots is one struct with a type parameter for each setting. [`Slot`] finds a parameter
//! by the setting's name and replaces it, so that a setter names the one slot it fills and leaves
//! all others as they are.

/// It has not been given.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct NotGiven;

impl NotGiven {
    #[doc(hidden)]
    pub const NEW: Self = Self;
}

/// It has been given.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Given;

/// It has been given, and stands here.
#[derive(Clone, Copy, Debug)]
pub struct GivenValue<V>(#[doc(hidden)] pub V);

/// The program knows it, and its types do not.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Unknown;

impl Unknown {
    #[doc(hidden)]
    pub const NEW: Self = Self;
}

/// None of the providers sends links.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct NoEmail;

/// One of the providers sends links.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct WithEmail;

/// None of the providers checks credentials.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct NoCredentials;

/// One of the providers checks credentials.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct WithCredentials;

/// A list that has a slot for a setting.
pub trait Slot<Setting> {
    /// What the slot holds.
    type Now;
    /// The list with something else in that slot.
    type With<New>;

    #[doc(hidden)]
    fn now(&self) -> &Self::Now;

    #[doc(hidden)]
    fn with<New>(self, new: New) -> Self::With<New>;
}

/// What the slot of a setting holds.
pub type Now<T, Setting> = <T as Slot<Setting>>::Now;

/// The list after a setter.
pub type With<T, Setting, New = Given> = <T as Slot<Setting>>::With<New>;

/// Defines a list of slots, all of them empty by default, the [`Slot`] of each, and a trait that
/// has them all.
///
/// `and module {..}` adds settings that are declared in that module. `then macro` passes the list and
/// its slots to that macro. `for Record<..>` is for the parts of a configuration, whose last parameter is
/// the list. A part that has been told something converts into the plain one, which is what signatures
/// name.
macro_rules! slots {
    (
        $(#[$docs:meta])*
        pub struct $list:ident: $told:ident then $then:ident { $($setting:ident),+ $(,)? }
    ) => {
        $crate::rule::slot::slots! {
            $(#[$docs])*
            pub struct $list: $told { $($setting),+ }
        }

        $then! { $list $($setting)+ }
    };
    (
        $(#[$docs:meta])*
        pub struct $list:ident: $told:ident { $($setting:ident),+ $(,)? }
        $(and $module:ident { $($own:ident),+ $(,)? })?
    ) => {
        $crate::rule::slot::slots! {
            @list $(#[$docs])* $list $told
            $($setting: $crate::setting::$setting,)+ $($($own: $module::$own,)+)?
        }
    };
    (@list $(#[$docs:meta])* $list:ident $told:ident $($setting:ident: $marker:ty,)+) => {
        $(#[$docs])*
        #[expect(non_camel_case_types, reason = "a slot is called as its setting")]
        pub struct $list<$($setting = $crate::rule::slot::NotGiven),+> {
            $($setting: $setting,)+
        }

        impl Default for $list {
            fn default() -> Self {
                Self { $($setting: $crate::rule::slot::NotGiven,)+ }
            }
        }

        #[expect(non_camel_case_types, reason = "a slot is called as its setting")]
        impl<$($setting),+> std::fmt::Debug for $list<$($setting),+> {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(stringify!($list))
            }
        }

        #[expect(non_camel_case_types, reason = "a slot is called as its setting")]
        impl<$($setting: Copy),+> Copy for $list<$($setting),+> {}

        #[expect(non_camel_case_types, reason = "a slot is called as its setting")]
        impl<$($setting: Copy),+> Clone for $list<$($setting),+> {
            fn clone(&self) -> Self {
                *self
            }
        }

        #[doc = concat!("A list with the slots of [`", stringify!($list), "`].")]
        #[doc = ""]
        #[doc = "Not for signatures: what was told is forgotten behind it."]
        pub trait $told: Sized $(+ $crate::rule::slot::Slot<$marker>)+ {}

        #[expect(non_camel_case_types, reason = "a slot is called as its setting")]
        impl<$($setting),+> $told for $list<$($setting),+> {}

        $crate::rule::slot::slots!(@slot $list [] $($setting: $marker,)+);
    };
    (
        $(#[$docs:meta])*
        pub struct $list:ident: $told:ident for $record:ident<$($parameter:ident),*> {
            $($setting:ident),+ $(,)?
        }
    ) => {
        $crate::rule::slot::slots! { $(#[$docs])* pub struct $list: $told { $($setting),+ } }
        $crate::rule::slot::slots!(@plain $list $record [$($parameter)*] [] $($setting)+);
    };
    (
        @slot $list:ident [$($before:ident)*]
        $this:ident: $marker:ty, $($after:ident: $after_marker:ty,)*
    ) => {
        #[expect(non_camel_case_types, reason = "a slot is called as its setting")]
        impl<$($before,)* $this, $($after,)*> $crate::rule::slot::Slot<$marker>
            for $list<$($before,)* $this, $($after,)*>
        {
            type Now = $this;
            type With<New> = $list<$($before,)* New, $($after,)*>;

            fn now(&self) -> &Self::Now {
                &self.$this
            }

            fn with<New>(self, new: New) -> Self::With<New> {
                $list { $($before: self.$before,)* $this: new, $($after: self.$after,)* }
            }
        }

        $crate::rule::slot::slots!(
            @slot $list [$($before)* $this] $($after: $after_marker,)*
        );
    };
    (@slot $list:ident $before:tt) => {};
    // One conversion for each place that the first setting may stand at: together they are all
    // lists but the empty one, which converts into itself already.
    (@plain $list:ident $record:ident $parameters:tt $empty:tt $last:ident) => {
        $crate::rule::slot::slots!(@from $list $record $parameters $empty []);
    };
    (@plain $list:ident $record:ident $parameters:tt [$($empty:ty,)*] $first:ident $($after:ident)+) => {
        $crate::rule::slot::slots!(@from $list $record $parameters [$($empty,)*] [$($after)+]
            #[expect(non_camel_case_types, reason = "a slot is called as its setting")]
        );
        $crate::rule::slot::slots!(
            @plain $list $record $parameters [$($empty,)* $crate::rule::slot::NotGiven,] $($after)+
        );
    };
    (@from $list:ident $record:ident [$($parameter:ident)*] [$($empty:ty,)*] [$($after:ident)*]
        $(#[$lint:meta])?) => {
        $(#[$lint])?
        impl<$($parameter,)* $($after,)*>
            From<$record<$($parameter,)* $list<$($empty,)* $crate::rule::slot::Given, $($after,)*>>>
            for $record<$($parameter,)*>
        {
            fn from(
                told: $record<
                    $($parameter,)*
                    $list<$($empty,)* $crate::rule::slot::Given, $($after,)*>,
                >,
            ) -> Self {
                told.retyped()
            }
        }
    };
}

pub(crate) use slots;
