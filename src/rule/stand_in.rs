//! Methods that stand where people look for one that there is not.

/// Rows of such methods, each with the setting that somebody meant and the trait that it asks for, which
/// nothing implements. After one of them the setting counts as given, so that nobody is told that it is
/// missing besides.
macro_rules! stand_ins {
    ($($builder:ident<$told:ident>, $setting:path, $rule:ident: $($method:ident)+;)*) => {
        $(typegate_macros::__in_place! { $builder
            #[typegate_macros::__unquoted]
            #[doc(hidden)]
            impl<T: $told> $builder<T> {
                $(pub fn $method<V>(
                    self,
                    _: V,
                ) -> $builder<crate::rule::slot::With<T, $setting>>
                where
                    crate::rule::slot::Now<T, $setting>: $rule,
                {
                    <crate::rule::slot::Now<T, $setting> as $rule>::never()
                })+
            }
        })*
    };
}

pub(crate) use stand_ins;
