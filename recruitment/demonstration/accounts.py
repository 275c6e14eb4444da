"""Who may log in at the demonstration."""

from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group, User

from leads.models import Team
from recruitment.settings import kept_secret

# user name -> (first name, last name, group)
ACCOUNTS = {
    "moderator": ("Paul", "Amsellem", "moderators"),
    "speaker": ("Inès", "Morvan", "speakers"),
    "recruiter": ("Nadia", "Belkacem", "recruiters"),
    "manager": ("Hervé", "Le Goff", "managers"),
    "admin": ("Camille", "Roussel", None),
}


# Recruiters whose names stand in timelines; nobody logs in as them.
COLLEAGUES = {"karim.benslimane": ("Karim", "Benslimane"), "sonia.delattre": ("Sonia", "Delattre")}


def make_recruiters() -> list[User]:
    """Who follows up: the account `recruiter` and its colleagues, members of every team."""
    recruiters = [User.objects.get(username="recruiter")]
    for username, (first_name, last_name) in COLLEAGUES.items():
        names = {"first_name": first_name, "last_name": last_name, "is_staff": True, "password": make_password(None)}
        colleague, is_new = User.objects.get_or_create(username=username, defaults=names)
        if is_new:
            colleague.groups.set(Group.objects.filter(name="recruiters"))
        recruiters.append(colleague)
    for team in Team.objects.all():
        team.members.add(*recruiters)
    return recruiters


def make_accounts() -> str:
    """Each account of the demonstration, once, with the same password; the password, from DEMO_PASSWORD or kept."""
    password = kept_secret("DEMO_PASSWORD", length=9)
    for username, (first_name, last_name, group) in ACCOUNTS.items():
        user, _ = User.objects.get_or_create(
            username=username, defaults={"first_name": first_name, "last_name": last_name}
        )
        user.is_staff, user.is_superuser = True, group is None
        if not user.check_password(password):
            user.set_password(password)
        user.save()
        user.groups.set(Group.objects.filter(name=group))
    return password
