"""Every matter the hall handles. To add one, copy a file here and list it below."""

from flows.flow import Flow
from flows.matters import hk_macau_permit, specimen

MATTERS: dict[str, Flow] = {flow.code: flow for flow in (hk_macau_permit.FLOW, specimen.FLOW)}
