"""The seats of a panel that everybody knows; a ladder names further ones itself."""

from enum import StrEnum


class Seat(StrEnum):
    """Who is expected at a session besides the parties and the mediators (S0, S3; 《劳动争议调解仲裁法》 10)."""

    LEGAL_ADVISER = "legal_adviser"
    COMMUNITY_POLICE = "community_police"
    BRANCH_SECRETARY = "branch_secretary"
    OWNERS_COMMITTEE = "owners_committee"
    PROPERTY_MANAGER = "property_manager"
    POLICE_STATION = "police_station"
    JUSTICE_OFFICE = "justice_office"
    SOCIAL_CONSTRUCTION = "social_construction"
    DELEGATES = "delegates"
    LAWYER = "lawyer"
    BUILDING_HEAD = "building_head"
    DEPARTMENTS = "departments"
    URBAN_MANAGEMENT = "urban_management"
    MARKET_REGULATION = "market_regulation"
    TRADE_UNION = "trade_union"
    EMPLOYER_DELEGATE = "employer_delegate"
    EMPLOYEE_DELEGATE = "employee_delegate"
    LABOUR_OFFICE = "labour_office"
