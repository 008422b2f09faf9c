-- Millionths of a US dollar as dollars, exact.
create macro usd(micros) as cast(cast(micros as decimal(18, 0)) * 0.000001 as decimal(18, 6));
