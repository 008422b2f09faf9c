-- The settings of this run, set as variables before the first view is made. DuckDB folds each to a constant.
create macro setting_gap_s() as cast(getvariable('gap_s') as double);
create macro setting_zone() as cast(getvariable('zone') as varchar);
create macro setting_since() as cast(getvariable('since') as timestamptz);
create macro setting_until() as cast(getvariable('until') as timestamptz);
create macro setting_anchor() as cast(getvariable('anchor') as varchar);
create macro setting_slow_command_s() as cast(getvariable('slow_command_s') as double);
create macro setting_fix_anchor() as cast(getvariable('fix_anchor') as varchar);
