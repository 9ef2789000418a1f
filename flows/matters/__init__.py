"""Every matter the hall handles. To add one, copy a file here and list it below."""

from flows.flow import Flow
from flows.matters.hk_macau_permit import FLOW as HK_MACAU_PERMIT
from flows.matters.specimen import FLOW as SPECIMEN

MATTERS: dict[str, Flow] = {flow.code: flow for flow in (HK_MACAU_PERMIT, SPECIMEN)}
